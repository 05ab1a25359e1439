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
	// The view goes to the answer one frame after it has come. In one and the same, the browser would take what the answer
	// has pushed down, out of sight, for what has jumped before the reader's eyes.
	answered() {
		const read = this.reading;
		this.reading = false; // at once: the next answer may have begun before the next frame
		this.mark(null);
		requestAnimationFrame(() =>
			requestAnimationFrame(() => {
				this.waits(false);
				// Whoever has gone on to a source, or to choose reviews, stays there.
				if (!document.activeElement?.closest("a, #pc-side, #pc-choice")) {
					this.focus();
				}
				if (!read) {
					this.toQuestion();
				}
				document.querySelector("#pc-side")?.scrollTo(0, 0);
			}),
		);
	},
	// An answer that a language model writes is read as it comes: the view goes to its question at once, and stays with the
	// reader from then on.
	begun() {
		this.reading = true;
		const follow = () => (this.reading ? this.toQuestion() : watch.disconnect());
		// Question and answer may be seen later than the word of them, one after the other: until the reader moves or the
		// answer is whole, the view goes with them, so far as there is something under the question.
		const watch = new MutationObserver(() => requestAnimationFrame(follow));
		watch.observe(document.querySelector("#pc-chat"), { childList: true, subtree: true });
		for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
			addEventListener(moved, () => watch.disconnect(), { once: true, passive: true });
		}
		requestAnimationFrame(() => requestAnimationFrame(follow));
	},
	toQuestion() {
		const asked = document.querySelectorAll("#pc-chat .pc-question");
		asked[asked.length - 1]?.scrollIntoView({ block: "start" });
	},
	restarted() {
		this.reading = false;
		this.waits(false);
		this.focus();
	},
	// What there was to go on with is gone as soon as something is asked: pushed away only when the answer begins, it would
	// jump from under a finger.
	waits(waiting) {
		document.querySelector("#pc-talk")?.classList.toggle("pc-sent", waiting);
	},
	card(link) {
		return document.getElementById(link.hash.slice(1));
	},
};

// The box has the focus as soon as it is shown. The browser's own way to do that would scroll a phone's page.
new MutationObserver((_, watching) => {
	const box = document.querySelector("#pc-ask textarea");
	if (box && getComputedStyle(box).visibility === "visible") {
		watching.disconnect();
		pincite.focus();
	}
}).observe(document, { childList: true, subtree: true });

// A question sent twice in one breath (a double click, Enter held down) is sent once, and the second click, which finds
// Stop in the place of Ask, does not stop it.
pincite.sent = { words: "", at: -Infinity };
pincite.sending = () => performance.now() - pincite.sent.at < 300;
for (const kind of ["click", "keypress"]) {
	document.addEventListener(
		kind,
		(event) => {
			const button = kind === "click" && event.target.closest?.("#pc-send, #pc-stop");
			const enter = event.key === "Enter" && !event.shiftKey && event.target.closest?.("#pc-ask");
			const words = document.querySelector("#pc-ask textarea")?.value;
			const { sent } = pincite;
			const same =
				button?.id === "pc-stop"
					? sent.x === event.clientX && sent.y === event.clientY
					: words === sent.words;
			if ((button || enter) && same && pincite.sending()) {
				event.preventDefault();
				event.stopImmediatePropagation();
			} else if (enter || button?.id === "pc-send") {
				pincite.sent = { words, at: performance.now(), x: event.clientX, y: event.clientY };
				pincite.waits(Boolean(words?.trim()));
			} else if (kind === "click" && event.target.closest?.("#pc-next button, .pc-act-again")) {
				pincite.waits(true);
			}
		},
		true,
	);
}

// The link itself brings the card into view. It is marked here and not by :target, which stays with an
// element when Gradio turns it into the card of another answer.
document.addEventListener("click", (event) => {
	const link = event.target.closest?.("a.pc-cite");
	if (link) {
		pincite.mark(pincite.card(link));
	}
});

// Digits typed bring the source of that number, of the last answer, into view; "/" goes to the question.
pincite.digits = "";
document.addEventListener("keydown", (event) => {
	const typing = event.target.closest?.("input, textarea, select, [contenteditable], [role=listbox]");
	const asking = document.querySelector("#pc-columns")?.offsetParent;
	if (typing || !asking || event.ctrlKey || event.metaKey || event.altKey) {
		return;
	}
	if (/^\d$/.test(event.key)) {
		pincite.digits += event.key;
		clearTimeout(pincite.forget);
		pincite.forget = setTimeout(() => {
			pincite.digits = "";
		}, 600);
		const acts = [...document.querySelectorAll("#pc-chat .pc-acts .pc-act-copy")].pop();
		const turn = acts?.className.match(/pc-turn-(\d+)/)?.[1];
		const card = document.getElementById(`source-${turn}-${pincite.digits}`);
		if (card) {
			event.preventDefault();
			pincite.mark(card);
			card.scrollIntoView({ block: "nearest" });
			document.querySelector(`#pc-chat a.pc-cite[href="#${card.id}"]`)?.focus({ preventScroll: true });
		}
	} else if (event.key === "/") {
		event.preventDefault();
		document.querySelector("#pc-ask textarea")?.focus();
	}
});

// Arrows lead from tab to tab, as people with a screen reader expect of tabs.
document.addEventListener("keydown", (event) => {
	const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
	const tabs = [...document.querySelectorAll('#pc-tabs [role="tablist"] [role="tab"]')];
	const at = tabs.indexOf(document.activeElement);
	if (step && at >= 0) {
		event.preventDefault();
		tabs[(at + step + tabs.length) % tabs.length].focus();
	}
});

// Over a citation, or with the focus on it, the quote and where it stands.
pincite.tip = {
	show(link) {
		const card = pincite.card(link);
		if (!card) {
			return;
		}
		this.hide();
		const tip = document.createElement("div");
		tip.id = "pc-tip";
		tip.setAttribute("role", "tooltip");
		for (const [part, from] of [["quote", "mark"], ["title", "h3"], ["place", ".pc-place"]]) {
			const text = card.querySelector(from)?.textContent;
			if (text) {
				const line = document.createElement("p");
				line.className = `pc-tip-${part}`;
				line.textContent = text;
				tip.append(line);
			}
		}
		document.querySelector(".gradio-container").append(tip);
		link.setAttribute("aria-describedby", tip.id);
		this.link = link;
		this.since = performance.now();
		this.place(tip);
	},
	place(tip) {
		const at = this.link.getBoundingClientRect();
		const left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8));
		const above = at.top - tip.offsetHeight - 8;
		tip.style.left = `${left}px`;
		tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
	},
	hide() {
		document.getElementById("pc-tip")?.remove();
	},
	// The pointer may leave one citation while the focus is on another.
	left(link) {
		if (link === this.link) {
			this.hide();
		}
	},
	// What scrolls just now brings the focused citation into view; what scrolls later is a person who reads on.
	scrolled() {
		const tip = document.getElementById("pc-tip");
		if (tip) {
			performance.now() - this.since < 300 ? this.place(tip) : this.hide();
		}
	},
};
for (const [event, shows] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
	document.addEventListener(event, (happened) => {
		const link = happened.target.closest?.("a.pc-cite");
		if (link) {
			shows ? pincite.tip.show(link) : pincite.tip.left(link);
		}
	});
}
document.addEventListener("keydown", (event) => event.key === "Escape" && pincite.tip.hide());
document.addEventListener("scroll", () => pincite.tip.scrolled(), { capture: true, passive: true });

// Gradio names each message by its source, which is HTML here and not for reading aloud; and takes from a citation the
// name that it came with.
new MutationObserver(() => {
	for (const link of document.querySelectorAll("#pc-chat a.pc-cite:not([aria-label])")) {
		link.setAttribute("aria-label", `Source ${link.textContent.replace(/\D/g, "")}`);
	}
	for (const message of document.querySelectorAll('#pc-chat [data-testid][aria-label*="<"]')) {
		message.setAttribute("aria-label", message.dataset.testid === "user" ? "You asked" : "The answer");
	}
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
