"use strict";

// The Library: what is clicked, typed and dropped there is told to the server, which answers with the table.
pincite.library = {
	// What is wanted of the table, as `View` in ui/shelf_table.py. Each wish holds all of it, so that the last of several
	// made at once counts, in whatever order they are answered.
	view: { words: "", column: "title", descending: false, page: 0, number: 0 },

	wish(trigger, change) {
		this.view = { ...this.view, page: 0, ...change, number: this.view.number + 1 };
		trigger("input", this.view);
	},

	// Buttons that act: in the strip over the tabs and in the report.
	acts(element, trigger) {
		element.addEventListener("click", (event) => {
			const act = event.target.closest("[data-act]")?.dataset.act;
			if (act) {
				trigger("submit", { act });
			}
		});
	},

	table(element, trigger) {
		element.addEventListener("click", async (event) => {
			const button = event.target.closest("button");
			if (!button) {
				return;
			}
			const { sort, page, remove } = button.dataset;
			if (sort) {
				this.wish(trigger, { column: sort, descending: sort === this.view.column && !this.view.descending });
			} else if (page) {
				this.wish(trigger, { page: Number(page) });
				document.querySelector("#pc-tools .pc-bar")?.scrollIntoView({ block: "nearest" });
			} else if (remove !== undefined) {
				const index = document.querySelector("#pc-tools .pc-bar").dataset.index;
				const words = `“${remove}” is taken off the shelf and kept in ${index}.`;
				if (await this.confirm("Remove this file?", words, "Remove")) {
					trigger("submit", { act: "remove", name: remove });
				}
			}
		});
		// The end of a sync, or of loading the page, may bring the table as it was wanted when that began; and an earlier
		// wish may be answered after a later one.
		let newest = 0;
		new MutationObserver(() => {
			const number = Number(element.querySelector("[data-number]")?.dataset.number ?? newest);
			if (number < newest) {
				trigger("input", this.view);
			}
			newest = Math.max(newest, number);
		}).observe(element, { childList: true, subtree: true, attributeFilter: ["data-number"] });
	},

	tools(element, trigger) {
		let waiting;
		element.addEventListener("input", (event) => {
			if (event.target.type === "search") {
				clearTimeout(waiting);
				waiting = setTimeout(() => this.wish(trigger, { words: event.target.value }), 120);
			}
		});
		element.addEventListener("click", async (event) => {
			const act = event.target.closest("[data-act]")?.dataset.act;
			if (act === "update") {
				trigger("submit", { act });
			} else if (act === "rebuild") {
				const words = "Every file is read and embedded again, which takes a while. Answers go on meanwhile.";
				if (await this.confirm("Rebuild the index?", words, "Rebuild")) {
					trigger("submit", { act });
				}
			}
		});
		const drop = element.querySelector(".pc-drop");
		if (!drop) {
			return; // the shelf is read only
		}
		const take = (files) => this.upload(drop, [...files], trigger);
		element.querySelector("input[type=file]").addEventListener("change", (event) => {
			take(event.target.files);
			event.target.value = "";
		});
		let inside = 0;
		const over = (change) => {
			inside = Math.max(0, inside + change);
			drop.classList.toggle("pc-over", inside > 0);
		};
		drop.addEventListener("dragenter", () => over(1));
		drop.addEventListener("dragleave", () => over(-1));
		drop.addEventListener("dragover", (event) => event.preventDefault());
		drop.addEventListener("drop", (event) => {
			event.preventDefault();
			over(-inside);
			take(event.dataTransfer.files);
		});
	},

	// One file after the other, with how far it is; then the server is told of all of them.
	async upload(drop, files, trigger) {
		const told = drop.querySelector(".pc-drop-under-way");
		const arrived = [];
		const refused = [];
		for (const [at, file] of files.entries()) {
			const many = files.length > 1 ? ` · ${at + 1} of ${files.length}` : "";
			if (file.size > drop.dataset.most * 1048576) {
				refused.push(`${file.name}: larger than ${drop.dataset.most} MB (setting max_file_megabytes).`);
				continue;
			}
			const bar = this.bar(told, `Uploading ${file.name}${many}`);
			try {
				arrived.push({ path: await this.send(file, bar), name: file.name });
			} catch (problem) {
				refused.push(`${file.name}: ${problem.message}`);
			}
		}
		told.replaceChildren(...refused.map((words) => this.line("p", words)));
		if (arrived.length) {
			trigger("submit", { act: "add", files: arrived });
		}
	},

	line(kind, words) {
		const line = document.createElement(kind);
		line.textContent = words;
		return line;
	},

	bar(told, words) {
		const bar = document.createElement("progress");
		bar.max = 1;
		bar.setAttribute("aria-label", words);
		told.replaceChildren(this.line("span", words), bar);
		return bar;
	},

	send(file, bar) {
		return new Promise((resolve, reject) => {
			const { root = "", api_prefix = "/gradio_api" } = window.gradio_config ?? {};
			const request = new XMLHttpRequest();
			const form = new FormData();
			form.append("files", file);
			request.upload.onprogress = (event) => (bar.value = event.loaded / event.total);
			request.onerror = () => reject(new Error("it could not be read, or the server does not answer."));
			request.onload = () => {
				if (request.status === 200) {
					resolve(JSON.parse(request.responseText)[0]);
				} else if (request.status === 413) {
					reject(new Error("it is larger than the server takes."));
				} else {
					reject(new Error(`the server did not take it (${request.status}).`));
				}
			};
			request.open("POST", `${root}${api_prefix}/upload`);
			request.send(form);
		});
	},

	// Asked before anything is taken away. All words are set as text.
	confirm(title, words, verb) {
		const dialog = document.createElement("dialog");
		dialog.className = "pc-dialog";
		const heading = this.line("h2", title);
		heading.id = "pc-dialog-title";
		dialog.setAttribute("aria-labelledby", heading.id);
		const form = document.createElement("form");
		form.method = "dialog";
		for (const [label, value] of [["Cancel", ""], [verb, "yes"]]) {
			const button = this.line("button", label);
			button.value = value;
			button.className = value ? "pc-button pc-sure" : "pc-button";
			form.append(button);
		}
		dialog.append(heading, this.line("p", words), form);
		document.querySelector(".gradio-container").append(dialog);
		return new Promise((resolve) => {
			dialog.addEventListener("close", () => {
				dialog.remove();
				resolve(dialog.returnValue === "yes");
			});
			dialog.showModal();
		});
	},
};

// A link anywhere that opens a tab by its name.
document.addEventListener("click", (event) => {
	const tab = event.target.closest?.("[data-opens]")?.dataset.opens;
	if (tab) {
		event.preventDefault();
		document.querySelector(`#pc-tab-${CSS.escape(tab)}-button`)?.click();
	}
});

// A file dropped beside its place would replace the page.
for (const kind of ["dragover", "drop"]) {
	addEventListener(kind, (event) => {
		if (event.dataTransfer?.types.includes("Files")) {
			event.preventDefault();
		}
	});
}
