/* Familieforløb: a code behind the address's #. A scanned code comes there, where no server sees it; it is sent as if it
   had been typed, and leaves the address. Without it the parent types the code. */
"use strict";

document.querySelectorAll("form[data-code-from-address]").forEach((form) => {
  const take = (send) => {
    const code = location.hash.slice(1);
    if (!/^[A-Za-z0-9-]{12,20}$/.test(code)) return;
    history.replaceState(null, "", location.pathname);
    form.elements.code.value = code;
    if (send) form.requestSubmit();
  };
  take(!form.querySelector("[data-error-summary]"));
  // Scanned into a tab where the page stands already, also after a code that did not open anything.
  window.addEventListener("hashchange", () => take(true));
});
