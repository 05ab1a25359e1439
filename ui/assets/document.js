"use strict";

// Niceties; the document can be read without them.
(() => {
	const marks = [...document.querySelectorAll('mark[id^="cited"]')];
	const pages = document.getElementById("pages");
	const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

	// The pages scroll by themselves beside the text, and with the window where they take its place.
	function toPage(page, box) {
		const target = box ?? page;
		if (!pages || !page || !pages.clientHeight) {
			return;
		}
		if (getComputedStyle(pages).overflowY === "auto") {
			const offset = target.getBoundingClientRect().top - pages.getBoundingClientRect().top;
			pages.scrollTop += offset - (box ? pages.clientHeight / 3 : 8);
		} else {
			target.scrollIntoView({ block: box ? "center" : "start" });
		}
	}

	function toBoxes() {
		const page = pages?.querySelector("[data-boxed]");
		toPage(page, page?.querySelector(".box"));
	}

	function show(view) {
		const choice = document.getElementById(view);
		if (choice && !choice.checked) {
			choice.checked = true;
		}
	}

	// Before the first picture is asked for, so that only pages near the cited words are.
	toBoxes();
	document.getElementById("view-pages")?.addEventListener("change", toBoxes);

	document.addEventListener("click", (event) => {
		const link = event.target.closest?.("a.turn[href]");
		if (link) {
			event.preventDefault();
			show("view-pages");
			toPage(document.getElementById(link.hash.slice(1)));
		}
	});

	let at = 0;
	document.addEventListener("keydown", (event) => {
		const step = { n: 1, p: -1 }[event.key];
		if (!step || !marks.length || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		show("view-text");
		at = (at + step + marks.length) % marks.length;
		marks[at].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
	});
})();
