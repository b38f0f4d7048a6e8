// Puts the editor YASGUI in the place of the plain form: own prefixes, completion from the terms of this release,
// examples, permalinks, and the sentence behind a row. Everything comes from this server.
"use strict";
(() => {
    const settings = JSON.parse(document.getElementById("editor-settings").textContent);
    const form = document.getElementById("query-form");
    const place = document.getElementById("editor");
    const library = window.Yasgui && (window.Yasgui.Yasgui || window.Yasgui.default || window.Yasgui);
    if (typeof library !== "function") return; // the plain form stays
    const { Yasqe, Yasr } = library;
    const endpoint = new URL(settings.endpoint, document.location).href;
    const pages = new URL(settings.pages, document.location).href;
    const asked = new URLSearchParams(document.location.search);
    const german = settings.language === "de";
    const say = (de, en) => (german ? de : en);

    const rows = async (query) => {
        const reply = await fetch(endpoint, {
            method: "POST",
            headers: { Accept: "application/sparql-results+json", "Content-Type": "application/sparql-query" },
            body: query,
        });
        return reply.ok ? (await reply.json()).results.bindings : [];
    };
    const terms = (query) => async () => (await rows(query)).map((row) => row.term.value);

    const prefixes = Object.entries(settings.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort();
    Yasqe.forkAutocompleter("prefixes", { name: "prefixes-own", persistenceId: null, get: () => prefixes });
    Yasqe.forkAutocompleter("property", {
        name: "property-own",
        bulk: true,
        persistenceId: null,
        get: terms("SELECT DISTINCT ?term { ?s ?term ?o } ORDER BY ?term"),
    });
    Yasqe.forkAutocompleter("class", {
        name: "class-own",
        bulk: true,
        persistenceId: null,
        get: terms("SELECT DISTINCT ?term { ?s a ?term } ORDER BY ?term"),
    });
    Yasqe.defaults.autocompleters = ["variables", "prefixes-own", "property-own", "class-own"];

    const shorten = (value) => {
        const fits = Object.entries(settings.prefixes).filter(([, iri]) => value.startsWith(iri));
        if (!fits.length) return value;
        const [name, iri] = fits.reduce((best, next) => (next[1].length > best[1].length ? next : best));
        return `${name}:${value.slice(iri.length)}`;
    };

    // Canonical IRIs stay what they are; links lead to their pages on this server.
    const page = (iri) => (iri.startsWith(settings.base) ? pages + iri.slice(settings.base.length).replace("#", "/") : iri);

    // Shows for each row the sentences of the passages that stand in it.
    class Evidence {
        constructor(yasr) {
            this.yasr = yasr;
            this.priority = 1;
            this.label = say("Belege", "Evidence");
        }
        passagesOf(row) {
            return Object.values(row).filter((cell) => cell.type === "uri" && cell.value.startsWith(settings.passage));
        }
        canHandleResults() {
            const bindings = this.yasr.results && this.yasr.results.getBindings();
            return Boolean(bindings && bindings.some((row) => this.passagesOf(row).length));
        }
        async draw() {
            const bindings = this.yasr.results.getBindings();
            const iris = new Set(bindings.flatMap((row) => this.passagesOf(row).map((cell) => cell.value)));
            const values = [...iris].slice(0, 500).map((iri) => `<${iri}>`).join(" ");
            const found = await rows(
                "PREFIX oa: <http://www.w3.org/ns/oa#> SELECT ?passage ?quote { " +
                    `VALUES ?passage { ${values} } ?passage oa:hasSelector/oa:exact ?quote } ORDER BY ?passage`,
            );
            const quotes = new Map(found.map((row) => [row.passage.value, row.quote.value]));
            const list = document.createElement("ol");
            list.className = "evidence";
            for (const row of bindings) {
                const item = document.createElement("li");
                const shown = new Set(this.passagesOf(row).map((cell) => quotes.get(cell.value)));
                const others = Object.values(row).filter((cell) => !this.passagesOf({ cell }).length && !shown.has(cell.value));
                item.append(others.map((cell) => shorten(cell.value)).join(" · "));
                for (const cell of this.passagesOf(row)) {
                    const quote = document.createElement("blockquote");
                    const link = document.createElement("a");
                    link.href = page(cell.value);
                    link.textContent = cell.value.slice(settings.passage.length);
                    quote.append(quotes.get(cell.value) || "", " ", link);
                    item.append(quote);
                }
                list.append(item);
            }
            this.yasr.resultsEl.replaceChildren(list);
        }
        getIcon() {
            const icon = document.createElement("span");
            icon.textContent = "❝";
            icon.setAttribute("aria-hidden", "true");
            return icon;
        }
    }
    Yasr.registerPlugin("evidence", Evidence);
    const words = { table: say("Tabelle", "Table"), response: say("Rohdaten", "Response"), boolean: say("Ja oder nein", "Boolean") };
    for (const [name, word] of Object.entries(words)) {
        const plugin = Yasr.plugins[name];
        if (plugin) Yasr.registerPlugin(name, class extends plugin { label = word; });
    }

    const shareable = (yasqe) => `${endpoint}?${new URLSearchParams({ query: yasqe.getValue() })}`;
    const editor = new library(place, {
        requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle,*/*;q=0.9" },
        endpointCatalogueOptions: { getData: () => [], keys: [] },
        copyEndpointOnNewTab: false,
        populateFromUrl: false,
        autofocus: false,
        persistenceId: "interkommunal",
        tabName: say("Abfrage", "Query"),
        yasqe: {
            value: form.elements.query.value,
            createShareableLink: shareable,
            prefixCcApi: null,
        },
        yasr: {
            prefixes: settings.prefixes,
            pluginOrder: ["table", "evidence", "boolean", "response"],
        },
    });
    const show = (query) => {
        const tab = editor.getTab();
        tab.setEndpoint(endpoint);
        tab.setQuery(query);
        return tab;
    };
    // Tab moves on, as everywhere; without this the keyboard would be caught in the text.
    const text = editor.getTab().getYasqe();
    text.setOption("extraKeys", { ...text.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
    text.getInputField().setAttribute("aria-label", say("Ihre Abfrage", "Your query"));
    const scroller = place.querySelector(".yasqe .CodeMirror-scroll");
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", say("Text der Abfrage", "Text of the query"));

    const plain = document.createElement("button");
    plain.type = "button";
    plain.className = "plain";
    plain.textContent = say("Einfaches Formular", "Plain form");
    plain.addEventListener("click", () => {
        form.elements.query.value = editor.getTab().getQuery();
        place.hidden = plain.hidden = true;
        form.hidden = false;
        form.elements.query.focus();
    });
    form.before(plain);

    // What is wrong with a query, or why it finds nothing, in words; asked for by a button, and after an empty answer.
    const section = document.getElementById("explanation");
    const heading = section.querySelector("h2");
    const element = (name, text, ...children) => {
        const made = document.createElement(name);
        if (text) made.textContent = text;
        made.append(...children);
        return made;
    };
    const severities = { error: say("Fehler", "error"), warning: say("Warnung", "warning"), hint: say("Hinweis", "hint") };
    const told = (finding) => {
        const place = finding.line ? say(`, Zeile ${finding.line}, Spalte ${finding.column}`, `, line ${finding.line}, column ${finding.column}`) : "";
        const words = element("p", "", element("strong", `${severities[finding.severity]}${place}:`), ` ${finding.message} `);
        if (finding.mend) words.append(element("em", finding.mend));
        const item = element("li", "", words);
        item.className = `finding is-${finding.severity}`;
        return item;
    };
    const table = (steps) => {
        const head = element("tr", "", element("th", say("Zeilen", "Rows")), element("th", say("Muster", "Pattern")));
        for (const cell of head.children) cell.scope = "col";
        const more = say("mehr als ", "more than ");
        const lines = steps.map((step) => {
            const rows = element("td", `${step.more ? more : ""}${step.rows}`);
            return element("tr", "", rows, element("td", "", element("code", step.pattern)));
        });
        const caption = element("caption", say("Zeilen, die nach jedem Muster bleiben", "Rows left after each pattern"));
        const made = element("table", "", caption, element("thead", "", head), element("tbody", "", ...lines));
        made.className = "answer-table";
        return made;
    };
    const explain = async (query) => {
        const reply = await fetch(`${settings.explain}?lang=${settings.language}`, {
            method: "POST",
            headers: { Accept: "application/json", "Content-Type": "application/sparql-query" },
            body: query,
        });
        const body = await reply.json();
        const findings = element("ol", "", ...(body.findings || []).map(told));
        findings.className = "query-findings";
        const parts = [heading];
        if (!reply.ok) parts.push(element("p", body.detail));
        else if (!body.findings.length) parts.push(element("p", say("An der Abfrage ist nichts zu beanstanden.", "There is nothing to complain about in the query.")));
        parts.push(findings);
        if (body.steps && body.steps.length) parts.push(table(body.steps));
        section.replaceChildren(...parts);
        section.hidden = false;
    };
    const why = element("button", say("Abfrage erklären", "Explain query"));
    why.type = "button";
    why.className = "plain";
    why.addEventListener("click", async () => {
        await explain(editor.getTab().getQuery());
        section.scrollIntoView({ block: "nearest" });
    });
    plain.after(" ", why);
    const judge = (tab) => {
        const results = tab.getYasr().results;
        const bindings = results && results.getBindings();
        const isEmpty = results && (bindings ? !bindings.length : results.getBoolean() === false);
        if (isEmpty) explain(tab.getQuery());
        else section.hidden = true;
    };
    // The event comes before the results are read.
    editor.on("queryResponse", (_, tab) => setTimeout(() => judge(tab)));
    plain.addEventListener("click", () => {
        why.hidden = true;
    });
    form.hidden = true;
    place.hidden = false;
    if (asked.has("query")) show(asked.get("query"));
    else show(editor.getTab().getQuery() || form.elements.query.value);
    for (const link of document.querySelectorAll(".examples a")) {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            show(new URL(link.href).searchParams.get("query")).query();
            place.scrollIntoView();
        });
    }
})();
