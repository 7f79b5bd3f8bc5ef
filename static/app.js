/* Familieforløb: drafts, double submits, focus and rows. Every page works without it.
   Texts come from the page (data attributes), so that they are translated with it. No HTML is made from text here. */
"use strict";

(() => {
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

  // A refused form starts at what is wrong.
  const wrong = document.querySelector("[data-error-summary]");
  if (wrong) wrong.focus();

  // -- one submit ----------------------------------------------------------
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");
  const release = (form) => {
    delete form.dataset.sent;
    buttons(form).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.draft && form.draft.offlineAtSubmit()) { event.preventDefault(); return; }
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

  // -- drafts --------------------------------------------------------------
  const FIRST = 1600, LONGEST = 30000, KEEPALIVE_BYTES = 60000;

  class Draft {
    constructor(form) {
      this.form = form;
      this.status = form.querySelector("[data-draft-status]");
      this.saved = this.text();
      this.wait = FIRST;
      form.addEventListener("input", () => this.later(800));
      document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
      window.addEventListener("online", () => this.save());
      window.addEventListener("beforeunload", (event) => {
        if (this.unsaved() && !navigator.onLine) event.preventDefault();
      });
    }

    text() {
      const data = new FormData(this.form);
      data.delete("csrfmiddlewaretoken");
      return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
    }

    unsaved() { return !this.stopped && this.text() !== this.saved; }

    say(name, extra = "") {
      if (this.status) this.status.textContent = this.status.dataset[name] + extra;
    }

    later(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), milliseconds);
    }

    stop() { this.stopped = true; clearTimeout(this.timer); }

    offlineAtSubmit() {
      if (navigator.onLine) return false;
      this.say("offline");
      return true;
    }

    async save(leaving = false) {
      if (!this.unsaved() || (this.busy && !leaving)) return;
      clearTimeout(this.timer);
      const body = this.text();
      this.busy = true;
      try {
        const answer = await fetch(this.form.dataset.draftUrl, {
          method: "POST",
          credentials: "same-origin",
          redirect: "error",
          keepalive: leaving && body.length < KEEPALIVE_BYTES,
          headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf() },
          body,
        });
        if (answer.status === 401) this.say("loggedOut");
        else if (!answer.ok) this.say("failed");
        else {
          this.saved = body;
          this.wait = FIRST;
          this.say("saved", " " + new Date().toLocaleTimeString("da-DK").replaceAll(".", ":"));
        }
      } catch {
        this.say("offline");
      } finally {
        this.busy = false;
      }
      if (!this.unsaved()) return;
      // What was typed meanwhile goes soon; a failed attempt goes again, each time after a longer wait.
      if (this.saved === body) this.later(800);
      else {
        this.later(this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST);
      }
    }
  }
  each("form[data-draft-url]", (form) => { form.draft = new Draft(form); });

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
