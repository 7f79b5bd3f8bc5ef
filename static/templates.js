/* Familieforløb: ready-made texts for a note. Without it the server answers the button with the same page. */
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-template][data-text]");
  const field = button?.form?.elements.text;
  if (!field) return;
  event.preventDefault();
  const above = field.value.trim();
  field.value = (above ? above + "\n\n" : "") + button.dataset.text.replace(/\r\n/g, "\n") + "\n";
  button.form.querySelectorAll(`input[name=kind][value="${button.dataset.kind}"]`).forEach((radio) => { radio.checked = true; });
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const line = field.value.indexOf("\n", above ? above.length + 2 : 0);
  field.setSelectionRange(line, line);
});
