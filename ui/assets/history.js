// Conversations, kept in this browser and nowhere else: the newest first, as many as it has room for.
window.pincite.history = {
	store: `pincite:${location.pathname}`,
	open: `pincite-open:${location.pathname}`,
	most: 40,
	now: { id: "", when: 0, turns: [] },

	all() {
		try {
			const found = JSON.parse(localStorage.getItem(this.store));
			return Array.isArray(found) ? found.filter((one) => one?.id && Array.isArray(one.turns)) : [];
		} catch {
			return []; // forbidden by the browser, or not ours
		}
	},
	write(all) {
		for (let kept = all.slice(0, this.most); ; kept = kept.slice(0, -1)) {
			try {
				localStorage.setItem(this.store, JSON.stringify(kept));
				return;
			} catch {
				if (!kept.length) {
					return; // no room, or forbidden: the conversation lasts as long as the page
				}
			}
		}
	},
	// Writes a conversation down as the newest.
	remember(conversation) {
		this.write([conversation, ...this.all().filter((one) => one.id !== conversation.id)]);
		this.list();
	},
	opened(conversation) {
		this.now = conversation;
		try {
			sessionStorage.setItem(this.open, conversation.id);
		} catch {}
		this.list();
	},
	// A conversation has its id from the server, with its first answer.
	fresh() {
		clearTimeout(pincite.wanted);
		this.opened({ id: "", when: 0, turns: [] });
	},
	// The page was opened: a reload goes on where it was.
	begin() {
		let id = null;
		try {
			id = sessionStorage.getItem(this.open);
		} catch {}
		const last = id && this.all().find((one) => one.id === id);
		last ? this.take(last) : this.fresh();
	},
	// While an answer comes it waits for that: a click is not lost.
	take(conversation) {
		clearTimeout(pincite.wanted);
		if (pincite.busy()) {
			pincite.wanted = setTimeout(() => this.take(conversation), 100);
			return;
		}
		this.opened({ ...conversation, turns: conversation.turns.filter(Boolean) });
		pincite.trigger("submit", { id: this.now.id, turns: this.now.turns });
	},
	// What could not be taken back whole goes on as another conversation; what is kept stays as it is.
	restored({ id, taken }) {
		if (id !== this.now.id) {
			this.opened({ id, when: 0, turns: taken.map((at) => this.now.turns[at]).filter(Boolean) });
		}
	},
	// An answer came, be it to a conversation that is no longer the one shown.
	keep({ id, from, length, turn }) {
		const shown = this.now.id === id || this.now.id === from;
		const base = shown ? this.now : this.all().find((one) => one.id === id || (from && one.id === from));
		const turns = (base?.turns ?? []).slice(0, length - 1);
		while (turns.length < length - 1) {
			turns.push(null);
		}
		const made = { id, when: Date.now(), turns: [...turns, turn] }; // null for one that failed
		if (turn || turns.some(Boolean)) {
			this.remember(made);
		}
		if (shown) {
			this.opened(made);
		}
	},
	textOf(turn) {
		return this.now.turns[turn - 1]?.text ?? "";
	},

	list() {
		const body = document.querySelector("#pc-history .pc-menu-body");
		if (!body) {
			return;
		}
		const others = this.all().filter((one) => one.id !== this.now.id);
		document.querySelector("#pc-history").hidden = !others.length;
		body.replaceChildren(...others.map((one) => this.row(one)));
		if (others.length) {
			body.append(this.button("Forget them all", "pc-forget-all", () => this.forget(() => false)));
		}
	},
	row(conversation) {
		const line = document.createElement("div");
		line.className = "pc-kept";
		const asked = conversation.turns.find(Boolean)?.question ?? "";
		const open = this.button(asked, "pc-kept-open", () => {
			document.querySelector("#pc-history").open = false;
			this.take(conversation);
		});
		const when = document.createElement("time");
		when.textContent = new Date(conversation.when).toLocaleDateString();
		open.append(when);
		const forget = this.button("×", "pc-kept-forget", () => this.forget((one) => one.id !== conversation.id));
		forget.setAttribute("aria-label", `Forget: ${asked}`);
		line.append(open, forget);
		return line;
	},
	button(words, name, act) {
		const button = document.createElement("button");
		button.type = "button";
		button.className = name;
		button.textContent = words;
		button.addEventListener("click", act);
		return button;
	},
	forget(stays) {
		this.write(this.all().filter((one) => one.id === this.now.id || stays(one)));
		this.list();
	},
};

// Signing out: the next person at this browser finds nothing of it. (Browsers heed the server's Clear-Site-Data over
// https alone.)
document.addEventListener("submit", (event) => {
	if (!event.target.matches?.("form.pc-signout")) {
		return;
	}
	for (const kept of ["localStorage", "sessionStorage"]) {
		try {
			for (const key of Object.keys(window[kept]).filter((key) => key.startsWith("pincite"))) {
				window[kept].removeItem(key);
			}
		} catch {} // forbidden by the browser: nothing was kept
	}
});
