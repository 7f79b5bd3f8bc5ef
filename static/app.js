/* Familieforløb: double submits, focus and rows. Every page works without it.
   Texts come from the page (data attributes), so that they are translated with it. No HTML is made from text here. */
"use strict";

(() => {
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

  // A refused form starts at what is wrong.
  const wrong = document.querySelector("[data-error-summary]");
  if (wrong) wrong.focus();

  // -- one submit ----------------------------------------------------------
  // A button of a template does not send the form, so it is none of its answers.
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit" && !("template" in element.dataset));
  const release = (form) => {
    delete form.dataset.sent;
    if (form.draft) form.draft.resume();
    buttons(form).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    // First the draft, then the page: where the network is gone, the text must not go with the page.
    if (form.draft && !form.draft.ready) {
      event.preventDefault();
      form.draft.beforeSending(event.submitter);
      return;
    }
    // The secret changes when one logs in again in another tab.
    const token = form.elements.csrfmiddlewaretoken;
    if (token && csrf()) token.value = csrf();
    form.dataset.sent = "1";
    if (form.draft) form.draft.stop();
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => buttons(form).forEach((button) => {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) each("form[data-sent]", release); });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.form;
    // Between two answers (approve, reject) the keyboard must not choose.
    if (form && form.method === "post" && buttons(form).length === 1) {
      event.preventDefault();
      form.requestSubmit(buttons(form)[0]);
    }
  });

  // -- something that a worker is doing --------------------------------------
  // The page is loaded again when its status is another; what the reader has opened stays open until then.
  each("[data-look-again]", (told) => {
    const look = async () => {
      if (!document.hidden) {
        const answer = await fetch(told.dataset.lookAgain, { headers: { Accept: "application/json" } }).catch(() => null);
        // Logged out, or no network: the button beside it is still there.
        if (answer && !answer.ok) return;
        if (answer && (await answer.json()).status !== told.dataset.lookFor) { location.reload(); return; }
      }
      setTimeout(look, 5000);
    };
    setTimeout(look, 5000);
  });

  // -- one row more --------------------------------------------------------
  each("[data-rows]", (rows) => {
    const add = rows.querySelector("[data-add-row]");
    const pattern = rows.querySelector("template");
    if (!add || !pattern) return;
    const list = rows.querySelector(".rows-list");
    const most = Number(rows.dataset.maxRows || 50);
    const fields = (root) => [...root.querySelectorAll("input:not([type=hidden]), select, textarea")];
    const typed = (root) => fields(root).map((field) => field.type === "radio" || field.type === "checkbox" ? field.checked : field.value).join("\n");
    const nothing = typed(pattern.content);
    const folded = () => list.querySelector(":scope > [hidden]");
    const room = () => { add.hidden = !folded() && list.children.length >= most; };
    const show = (row) => {
      row.hidden = false;
      fields(row)[0]?.focus();
      room();
    };
    // Without a script all rows stand there. With it, two empty ones at most (the second parent must not be forgotten).
    const fold = () => {
      const all = [...list.children];
      const last = all.findLastIndex((row) => typed(row) !== nothing);
      all.forEach((row, number) => { row.hidden = number > last + 2; });
      room();
    };
    window.addEventListener("pageshow", fold);
    add.addEventListener("click", () => {
      const waiting = folded();
      if (waiting) return show(waiting);
      const number = list.children.length;
      const copy = pattern.content.cloneNode(true);
      each("*", (element) => {
        for (const { name, value } of [...element.attributes]) {
          if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", number));
        }
      }, copy);
      each("[data-row-number]", (element) => { element.textContent = number + 1; }, copy);
      list.append(copy);
      const total = rows.querySelector("input[name$=TOTAL_FORMS]");
      if (total) total.value = number + 1;
      show(list.lastElementChild);
    });
    fold();
  });
})();
