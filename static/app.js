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

  // -- drafts --------------------------------------------------------------
  const FIRST = 1600, LONGEST = 30000, PATIENCE = 10000, KEEPALIVE_BYTES = 60000;
  const newToken = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  class Draft {
    constructor(form) {
      this.form = form;
      this.status = form.querySelector("[data-draft-status]");
      this.saved = this.text();
      this.wait = FIRST;
      this.page = newToken();
      form.addEventListener("input", () => { this.pressed = false; this.later(800); });
      document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
      window.addEventListener("online", () => this.save());
      window.addEventListener("beforeunload", (event) => {
        if (this.unsaved() && (this.failing || !navigator.onLine)) event.preventDefault();
      });
    }

    text() {
      const data = new FormData(this.form);
      data.delete("csrfmiddlewaretoken");
      return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
    }

    unsaved() { return !this.stopped && this.text() !== this.saved; }

    say(name, extra = "") {
      if (this.status) this.status.textContent = (this.status.dataset[name] || "") + extra;
    }

    later(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), milliseconds);
    }

    stop() { this.stopped = true; clearTimeout(this.timer); }

    resume() { this.stopped = this.ready = false; }

    // The form goes on as another one: what stands on the server under the old token is somebody else's to send.
    becomeAnother() {
      const token = this.form.elements.submit_token, address = this.form.dataset.draftUrl;
      const another = newToken();
      this.form.dataset.draftUrl = address.replace(token.value, another);
      token.value = another;
      this.form.dataset.draftRev = "0";
    }

    async send(body, leaving = false) {
      const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf() };
      const { person } = document.body.dataset;
      if (person) headers["X-Person"] = person;
      if (this.form.dataset.draftRev !== undefined) {
        headers["X-Draft-Page"] = this.page;
        headers["X-Draft-Rev"] = this.form.dataset.draftRev;
      }
      try {
        const answer = await fetch(this.form.dataset.draftUrl, {
          method: "POST",
          credentials: "same-origin",
          redirect: "error",
          keepalive: leaving && body.length < KEEPALIVE_BYTES,
          signal: leaving ? undefined : AbortSignal.timeout(PATIENCE),
          headers,
          body,
        });
        if (answer.status === 204) return "sent";
        if (answer.ok) return "saved";
        if (answer.status === 401) return "loggedOut";
        if (answer.status !== 409) return "failed";
        return (await answer.json()).type.endsWith(":other-person") ? "otherPerson" : "elsewhere";
      } catch {
        return "offline";
      }
    }

    // Keep the draft and say how it went. A form that was sent or typed in elsewhere goes on as another.
    async keep(body, leaving = false) {
      let how = await this.send(body, leaving);
      const apart = (how === "sent" || how === "elsewhere") && this.form.dataset.draftRev !== undefined;
      const why = how;
      if (how === "sent" && !apart) {
        this.stop();
        this.say("closed");
        return how;
      }
      if (apart) {
        this.becomeAnother();
        body = this.text();
        how = await this.send(body, leaving);
      }
      this.failing = how !== "saved";
      if (how === "saved") {
        this.saved = body;
        this.wait = FIRST;
        const kept = " " + new Date().toLocaleTimeString("da-DK").replaceAll(".", ":");
        if (apart) this.say(why);
        else this.say("saved", kept + (this.pressed ? " " + (this.status?.dataset.pressAgain || "") : ""));
      } else this.say(how);
      return how;
    }

    async save(leaving = false) {
      if (!this.unsaved() || this.checking || (this.busy && !leaving)) return;
      clearTimeout(this.timer);
      const body = this.text();
      this.busy = true;
      const how = await this.keep(body, leaving);
      this.busy = false;
      this.after(how);
    }

    after(how) {
      if (!this.unsaved()) return;
      // What was typed meanwhile goes soon; a failed attempt goes again, each time after a longer wait.
      if (how === "saved") this.later(800);
      else {
        this.later(this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST);
      }
    }

    // Whether the server is there, and whether it is still the same person: only then the page is let go.
    async beforeSending(submitter) {
      if (this.checking) return;
      this.checking = true;
      this.say("sending");
      const how = await this.keep(this.text());
      this.checking = false;
      if (how === "offline") {
        this.pressed = true;
        this.saved = null;
        this.say("notSent");
      }
      if (["offline", "loggedOut", "otherPerson"].includes(how)) return this.after(how);
      // Anything else is the server's to answer, in words.
      this.ready = true;
      this.form.requestSubmit(submitter);
    }
  }
  each("form[data-draft-url]", (form) => { if (form.dataset.draftUrl) form.draft = new Draft(form); });

  // -- a code behind the address's # ----------------------------------------
  // A scanned code comes there, where no server sees it; it is sent as if it had been typed, and leaves the address.
  each("form[data-code-from-address]", (form) => {
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

  // -- templates -----------------------------------------------------------
  // Without a script, or where it fails, the button is answered by the server with the same page.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-template][data-text]");
    const field = button?.form?.elements.text;
    if (!field) return;
    event.preventDefault();
    const above = field.value.trim();
    field.value = (above ? above + "\n\n" : "") + button.dataset.text.replace(/\r\n/g, "\n") + "\n";
    each(`input[name=kind][value="${button.dataset.kind}"]`, (radio) => { radio.checked = true; }, button.form);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    const line = field.value.indexOf("\n", above ? above.length + 2 : 0);
    field.setSelectionRange(line, line);
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
