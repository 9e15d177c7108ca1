// Reading preferences apply as they are chosen, and are kept without leaving the page.

const form = document.querySelector('[data-behaviour="preferences"]');

function apply() {
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && name !== "next") document.documentElement.dataset[name] = value;
  }
}

async function keep() {
  apply();
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  } catch {
    // Not kept this time; the Apply button still is there for later.
  }
}

if (form) {
  form.addEventListener("change", keep);
}
