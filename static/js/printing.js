// A button that prints the page. Without JavaScript the page says by which keys it is printed.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
