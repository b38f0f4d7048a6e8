// Suggestions for the search field: an ARIA combobox with a list box (ARIA Authoring Practices, "Editable Combobox With
// List Autocomplete"). Without this script the form is a plain form.

const DELAY = 120;

function combobox(input, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  input.after(list, told);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let chosen = -1;
  let timer = 0;
  let asked = "";
  let request = null;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    if (options.length === 0) return;
    chosen = (index + options.length + 1) % (options.length + 1);
    if (chosen === options.length) chosen = -1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map((item, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const label = document.createElement("span");
        label.textContent = item.label;
        const kind = document.createElement("span");
        kind.className = "suggestion-kind";
        kind.textContent = ` ${item.kind}`;
        option.append(label, kind);
        option.dataset.href = item.href;
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => location.assign(item.href));
        return option;
      }),
    );
    chosen = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(suggestions.length > 0));
    input.removeAttribute("aria-activedescendant");
    told.textContent = suggestions.length
      ? input.dataset.some.replace("{n}", suggestions.length)
      : input.dataset.none;
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed === asked && !list.hidden) return;
    asked = typed;
    request?.abort();
    if (typed.length < 2) return close();
    request = new AbortController();
    try {
      const parameters = new URLSearchParams({ q: typed });
      const answer = await fetch(`${input.dataset.suggest}?${parameters}`, { signal: request.signal });
      if (answer.ok && input.value.trim() === typed && document.activeElement === input) {
        show((await answer.json()).suggestions);
      }
    } catch (error) {
      if (error.name !== "AbortError") close(); // the form works without suggestions
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.href);
    }
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("input[data-suggest]").forEach(combobox);
