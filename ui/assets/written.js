"use strict";

// For those who hear the page: an answer that is being written is read aloud when it is whole, and not again with every
// word; and the choice in whose words to answer is one group with a name, in which arrows move, which Gradio makes of
// single buttons.
new MutationObserver(() => {
	const log = document.querySelector("#pc-chat [role=log]");
	const busy = String(Boolean(log?.querySelector(".pc-written.pc-coming")));
	if (log && log.ariaBusy !== busy) {
		log.ariaBusy = busy;
	}
	const choice = document.querySelector("#pc-voice:not([role])");
	const buttons = choice?.querySelectorAll("input") ?? [];
	if (buttons.length) {
		choice.setAttribute("role", "radiogroup");
		choice.setAttribute("aria-label", choice.querySelector("[data-testid=block-info]").textContent.trim());
	}
	for (const button of buttons) {
		button.name = "pc-voice";
	}
}).observe(document, { childList: true, subtree: true });
