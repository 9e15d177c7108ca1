// A button beside a text to copy. Without a clipboard of its own the text is selected, for the keyboard to copy.

async function copied(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = (await copied(field)) ? "Copied." : "The text is selected: copy it with Ctrl+C, or ⌘C.";
  });
}
