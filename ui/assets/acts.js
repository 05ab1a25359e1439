// What is done with an answer: copied, exported, rated, asked again. The bridge is a component of the page whose
// events the server hears, and whose value is what the server says (ui/acting.py).
Object.assign(window.pincite, {
	connect(trigger, watch, props) {
		this.trigger = trigger;
		watch("value", () => this.told(props.value));
		this.history.begin();
	},
	// While a question is being answered nothing is begun that would take its place.
	busy() {
		return this.sending() || this.answering();
	},
	answering() {
		return Boolean(document.querySelector("#pc-chat :is(.pc-working, .pc-coming)"));
	},
	// What takes the place of a turn, and of those after it. A question just sent may be answered in a moment.
	instead(act, turn) {
		clearTimeout(this.wanted);
		if (this.answering()) {
			this.say(turn, "A question is being answered; stop it first.");
		} else if (this.sending()) {
			this.wanted = setTimeout(() => this.instead(act, turn), 50);
		} else {
			this.trigger(act, { turn });
		}
	},
	told(message) {
		if (message.do === "begun") {
			this.begun();
		} else if (message.do === "keep") {
			this.sent.at = -Infinity; // it is answered: the same question from now on is another
			this.history.keep(message);
		} else if (message.do === "restored") {
			this.history.restored(message);
		} else if (message.do === "begin") {
			this.history.fresh();
		} else if (message.do === "save") {
			this.save(message);
		} else if (message.do === "rated") {
			this.say(message.turn, message.said);
		}
	},
	save({ name, type, text }) {
		const link = document.createElement("a");
		link.href = URL.createObjectURL(new Blob([text], { type }));
		link.download = name;
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
	},
	// The formats of the page's own menu, under one answer.
	formats(turn) {
		const line = this.say(turn, "Export as");
		for (const format of document.querySelectorAll("#pc-export .pc-save")) {
			const button = format.cloneNode(true);
			button.classList.add(`pc-save-turn-${turn}`);
			line.append(button);
		}
		line.scrollIntoView({ block: "nearest" });
		line.querySelector("button")?.focus({ preventScroll: true });
	},
	row(turn) {
		return document.querySelector(`#pc-chat .pc-turn-${turn}`)?.closest(".pc-acts");
	},
	// A line under an answer, read aloud as well; it makes way for the next.
	say(turn, words) {
		const row = this.row(turn);
		row?.parentElement.querySelector(".pc-told")?.remove();
		const line = document.createElement("p");
		line.className = "pc-told";
		line.setAttribute("role", "status");
		line.textContent = words;
		row?.after(line);
		line.scrollIntoView({ block: "nearest" });
		return line;
	},
	async copy(turn) {
		const text = this.history.textOf(turn);
		try {
			await navigator.clipboard.writeText(text);
		} catch {
			// Without https the browser has no clipboard for pages; the old way still works.
			const area = document.createElement("textarea");
			area.value = text;
			document.body.append(area);
			area.select();
			document.execCommand("copy");
			area.remove();
		}
		this.say(turn, "Copied, with its references.");
	},
	// A rating is sent at once; a note may be added to it.
	rate(turn, rating) {
		this.trigger("like", { turn, rating, note: "" });
		const form = document.createElement("form");
		form.className = "pc-note-form";
		const field = document.createElement("input");
		field.maxLength = 4000;
		field.placeholder = rating === "good" ? "What helped? (optional)" : "What was wrong? (optional)";
		field.setAttribute("aria-label", "A note on this answer");
		const send = document.createElement("button");
		send.textContent = "Keep note";
		form.append(field, send);
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			if (field.value.trim()) {
				this.trigger("like", { turn, rating, note: field.value });
			}
			form.remove();
		});
		const row = this.row(turn);
		row?.parentElement.querySelector(".pc-note-form")?.remove();
		row?.after(form);
		form.scrollIntoView({ block: "nearest" });
		field.focus({ preventScroll: true });
	},
});

document.addEventListener("click", (event) => {
	const button = event.target.closest?.("#pc-chat .pc-act");
	const [, act] = button?.className.match(/pc-act-(\w+)/) ?? [];
	const turn = Number(button?.className.match(/pc-turn-(\d+)/)?.[1]);
	if (act === "copy") {
		pincite.copy(turn);
	} else if (act === "save") {
		pincite.formats(turn);
	} else if (act === "edit") {
		pincite.instead("edit", turn);
	} else if (act === "again") {
		pincite.instead("retry", turn);
	} else if (act) {
		pincite.rate(turn, act);
	}
});

document.addEventListener("click", (event) => {
	const button = event.target.closest?.(".pc-save");
	if (button) {
		const turn = button.className.match(/pc-save-turn-(\d+)/)?.[1];
		const [, format] = button.className.match(/pc-save-((?!turn-)[a-z-]+)/);
		pincite.trigger("download", { turn: turn ? Number(turn) : null, format });
	}
	// A menu makes way for whatever is done next.
	for (const menu of document.querySelectorAll(".pc-menu[open]")) {
		if (button || !menu.contains(event.target)) {
			menu.open = false;
		}
	}
});
