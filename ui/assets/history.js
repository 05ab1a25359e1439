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
	remember() {
		const others = this.all().filter((one) => one.id !== this.now.id);
		const said = this.now.turns.some(Boolean);
		this.write(said ? [this.now, ...others] : others);
		try {
			sessionStorage.setItem(this.open, this.now.id);
		} catch {}
		this.list();
	},
	fresh() {
		this.now = { id: crypto.randomUUID?.() ?? String(Math.random()), when: Date.now(), turns: [] };
		try {
			sessionStorage.setItem(this.open, this.now.id);
		} catch {}
		this.list();
	},
	// The page was opened: a reload goes on where it was.
	begin() {
		let id = null;
		try {
			id = sessionStorage.getItem(this.open);
		} catch {}
		const last = this.all().find((one) => one.id === id);
		last ? this.take(last) : this.fresh();
	},
	take(conversation) {
		this.now = { ...conversation, turns: conversation.turns.filter(Boolean) };
		pincite.trigger("submit", { turns: this.now.turns });
		this.list();
	},
	keep({ length, turns }) {
		const before = this.now.turns.slice(0, length - turns.length);
		while (before.length < length - turns.length) {
			before.push(null); // a turn that failed
		}
		this.now = { ...this.now, when: Date.now(), turns: [...before, ...turns] };
		this.remember();
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
