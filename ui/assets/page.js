"use strict";

// Moves the view and the focus; the page works without it.
window.pincite = {
	focus() {
		// On a touch screen focus would raise the keyboard over the answer.
		if (matchMedia("(hover: hover)").matches) {
			document.querySelector("#pc-ask textarea")?.focus({ preventScroll: true });
		}
	},
	mark(card) {
		for (const marked of document.querySelectorAll("#pc-panel .pc-marked")) {
			marked.classList.remove("pc-marked");
		}
		card?.classList.add("pc-marked");
	},
	answered() {
		this.mark(null);
		requestAnimationFrame(() => {
			this.focus();
			const asked = document.querySelectorAll("#pc-chat .pc-question");
			asked[asked.length - 1]?.scrollIntoView({ block: "start" });
			document.querySelector("#pc-side")?.scrollTo(0, 0);
		});
	},
};

// The link itself brings the card into view. It is marked here and not by :target, which stays with an
// element when Gradio turns it into the card of another answer.
document.addEventListener("click", (event) => {
	const link = event.target.closest?.("a.pc-cite");
	if (link) {
		pincite.mark(document.getElementById(link.hash.slice(1)));
	}
});

// Gradio names each message by its source, which is HTML here and not for reading aloud.
new MutationObserver(() => {
	for (const message of document.querySelectorAll('#pc-chat [data-testid][aria-label*="<"]')) {
		message.setAttribute("aria-label", message.dataset.testid === "user" ? "You asked" : "The answer");
	}
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
