// On the wall: the arrow keys go from question to question, as a presenter's clicker does.

const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous", Enter: "reveal" };

document.addEventListener("keydown", (event) => {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  const typing = event.target.closest?.("input, select, textarea");
  const pressing = event.key === "Enter" && event.target.closest?.("a, button, summary");
  if (!plain || typing || pressing || !(event.key in KEYS)) return;
  const way = document.querySelector(`[data-press="${KEYS[event.key]}"]`);
  if (!way) return;
  event.preventDefault();
  way.click();
});
