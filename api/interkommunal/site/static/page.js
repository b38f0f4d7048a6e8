// Small comforts on top of pages that work without them: copy buttons, and choosing passages without loading the page.

const { copy, copied } = document.body.dataset;

function copyButtons() {
    if (!navigator.clipboard) return;
    for (const block of document.querySelectorAll("pre.code, code.iri")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button copy";
        button.textContent = copy;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(block.textContent);
            button.textContent = copied;
            setTimeout(() => { button.textContent = copy; }, 2000);
        });
        block.after(button);
    }
}

function reader(root) {
    const announcer = document.createElement("p");
    announcer.className = "unseen";
    announcer.setAttribute("role", "status");
    root.after(announcer);

    async function show(address, remember) {
        const answer = await fetch(address, { headers: { Accept: "text/html" } });
        if (!answer.ok) {
            location.href = address;
            return;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const panel = page.getElementById("chosen");
        document.getElementById("chosen").replaceWith(panel);
        const wanted = new URL(address, location.href).searchParams.get("passage");
        for (const piece of root.querySelectorAll(".passage")) {
            piece.classList.toggle("is-chosen", wanted !== null && piece.dataset.in.split(" ").includes(wanted));
            piece.removeAttribute("aria-current");
        }
        if (remember) history.pushState(null, "", address);
        announcer.textContent = panel.querySelector(".place")?.textContent ?? "";
    }

    document.addEventListener("click", (event) => {
        const link = event.target.closest(".passage, .hidden-passage, .moves a");
        if (!link || !link.search.includes("passage=") && !link.closest(".moves")) return;
        if (event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== location.pathname) return;
        event.preventDefault();
        show(link.href, true);
        if (link.closest(".moves") && link.hash) document.querySelector(link.hash)?.scrollIntoView({ block: "center" });
    });
    window.addEventListener("popstate", () => show(location.href, false));
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && document.querySelector(".panel.has-choice")) {
            const close = document.querySelector(".moves li:last-child a");
            const chosen = root.querySelector(".passage.is-chosen:not([tabindex])");
            if (close) show(close.href, true).then(() => chosen?.focus());
        }
    });
}

copyButtons();
const root = document.querySelector("[data-reader]");
if (root) reader(root);
