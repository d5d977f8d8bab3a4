// Keys and saving at once; without scripts the page works by its buttons and links.
"use strict";
const form = document.getElementById("coding");
const status_ = document.getElementById("status");
const shortcuts = document.getElementById("shortcuts");
let saving = Promise.resolve();
let waiting = 0;

function save() {
  const body = new URLSearchParams(new FormData(form));
  waiting += 1;
  saving = saving.then(() => fetch(location.href, { method: "POST", body }))
    .then((answer) => { status_.textContent = answer.ok ? "Saved." : "Not saved: press Enter to see why."; })
    .catch(() => { status_.textContent = "Not saved: the program has ended. Start it again."; })
    .finally(() => { waiting -= 1; });
}

function press(place) {
  if (place.tagName === "A") { place.click(); return; }
  const inputs = [...place.querySelectorAll("input")];
  if (inputs.length === 1) {
    inputs[0].click();
  } else { // applies, does not apply, applies …
    inputs[inputs[0].checked ? 1 : 0].click();
  }
  inputs.find((input) => input.checked || inputs.length === 1).focus();
}

if (form) {
  form.addEventListener("change", save);
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault(); // first what is on its way
    saving.finally(() => form.requestSubmit(document.getElementById("finish")));
  });
}

document.addEventListener("keydown", (event) => {
  const inText = event.target.tagName === "TEXTAREA";
  if (inText && event.key === "Escape") { event.target.blur(); return; }
  if (inText && event.key === "Enter" && event.ctrlKey) { form.requestSubmit(document.getElementById("finish")); return; }
  if (inText || !shortcuts.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key === "Enter" && form && !["A", "BUTTON"].includes(event.target.tagName)) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("finish"));
    return;
  }
  const key = event.key.toLowerCase();
  const place = key === "c" ? document.getElementById("comment") : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!place) return;
  event.preventDefault();
  if (key === "c") place.focus(); else press(place);
});

function keys() {
  document.body.classList.toggle("without-keys", !shortcuts.checked);
  localStorage.setItem("shortcuts", shortcuts.checked ? "on" : "off");
}
shortcuts.checked = localStorage.getItem("shortcuts") !== "off";
shortcuts.addEventListener("change", keys);
keys();
