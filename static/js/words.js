// Marking words of a passage: with the mouse or a finger the first and the last, with the keyboard the arrows and Shift.

const MOST = 12;

export function wordGrids() {
  for (const grid of document.querySelectorAll(".passage-words")) if (!grid.dataset.ready) begin(grid);
}

function begin(grid) {
  const words = [...grid.querySelectorAll("[data-word]")];
  const target = document.getElementById(grid.dataset.quote);
  const marked = { from: -1, to: -1, at: 0 };
  Object.assign(grid.dataset, { ready: "1" });
  grid.setAttribute("role", "listbox");
  grid.setAttribute("aria-multiselectable", "true");
  for (const one of grid.children) one.setAttribute("role", "presentation");
  for (const [i, word] of words.entries()) {
    word.setAttribute("role", "option");
    word.setAttribute("aria-selected", "false");
    word.tabIndex = i ? -1 : 0;
  }

  function go(to, extend) {
    marked.at = Math.max(0, Math.min(words.length - 1, to));
    if (extend) mark(marked.from < 0 ? marked.start : marked.from, marked.at);
    for (const word of words) word.tabIndex = -1;
    words[marked.at].tabIndex = 0;
    words[marked.at].focus();
  }

  function mark(from, to) {
    const limited = to >= from ? Math.min(to, from + MOST - 1) : Math.max(to, from - MOST + 1);
    Object.assign(marked, { from, to: limited });
    const [low, high] = [Math.min(from, limited), Math.max(from, limited)];
    for (const [i, word] of words.entries()) word.setAttribute("aria-selected", String(i >= low && i <= high));
    write(words.slice(low, high + 1).map((word) => word.textContent).join(" "));
  }

  function write(text) {
    target.value = text;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  grid.addEventListener("click", (event) => {
    const i = words.indexOf(event.target.closest("[data-word]"));
    if (i < 0) return;
    const goesOn = marked.from >= 0 && marked.from === marked.to && Math.abs(i - marked.from) < MOST;
    mark(goesOn || event.shiftKey ? Math.max(0, marked.from) : i, i);
    go(i, false);
  });

  grid.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: below(1), ArrowUp: below(-1), Home: -words.length, End: words.length }[event.key];
    if (step !== undefined) {
      if (event.shiftKey && marked.from < 0) Object.assign(marked, { from: marked.at, to: marked.at });
      if (event.shiftKey) go(marked.at + step, true);
      else {
        Object.assign(marked, { from: -1, to: -1 });
        go(marked.at + step, false);
      }
    } else if (event.key === " " || event.key === "Enter") mark(marked.at, marked.at);
    else return;
    event.preventDefault();
  });

  // How many words on stands the one below, or above.
  function below(direction) {
    const here = words[marked.at].getBoundingClientRect();
    for (let i = marked.at + direction; i >= 0 && i < words.length; i += direction) {
      const there = words[i].getBoundingClientRect();
      const isOther = direction > 0 ? there.top > here.top : there.top < here.top;
      if (isOther && (direction > 0 ? there.right > here.left : there.left < here.right)) return i - marked.at;
    }
    return 0;
  }
}
