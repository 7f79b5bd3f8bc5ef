/* Familieforløb: what is being written is kept as a draft. The page works without it.
   Stands after app.js, whose one submit asks the form's draft first. Texts come from the page (data attributes). */
"use strict";

(() => {
  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

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
  document.querySelectorAll("form[data-draft-url]").forEach((form) => { if (form.dataset.draftUrl) form.draft = new Draft(form); });
})();
