// Tells who sits before a page that their sign-in is over, and lets the page go on where it was once they
// have signed in again in another tab: nothing typed here is lost, and a question that was on its way when
// the sign-in ended is back in its box. Stands before Streamlit's own scripts.
// Its words come in the data of its <script>; the code 4401 and the 401s come from core/api/signing_in.py.

(() => {
  const words = document.currentScript.dataset;
  const Plain = window.WebSocket;
  const ask = window.fetch.bind(window);
  const OVER = 4401;
  const UNREAD = "unread"; // why it was closed: the last message came after the end
  const BOX = "[data-testid=stChatInputTextArea]"; // Streamlit empties it at the sending
  const EVERY = 3000; // milliseconds between two looks
  let held = null; // Streamlit's requests that wait for a new sign-in; null: nothing is over

  let typed = ""; // in the box, now or until it was sent
  let sent = ""; // of it, what the last message carried

  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", (event) => {
        if (event.code !== OVER) return;
        over();
        if (event.reason === UNREAD && sent) giveBack(sent);
      });
    }

    send(data) {
      const read = typeof data === "string" ? data : new TextDecoder().decode(data);
      sent = typed && read.includes(typed) ? typed : "";
      super.send(data);
    }
  };

  // A page that the browser kept whole, and shows again after a sign-out, is asked for anew.
  window.addEventListener("pageshow", async (event) => {
    if (event.persisted && (await signedIn()) === false) location.reload();
  });

  const note = (event) => event.target.matches?.(BOX) && (typed = event.target.value);
  document.addEventListener("input", note, true);

  window.fetch = async (what, ...how) => {
    if (!String(what.url ?? what).includes("/_stcore/")) return ask(what, ...how);
    if (!held) {
      const answer = await ask(what, ...how);
      if (answer.status !== 401) return answer;
      over();
    }
    return new Promise((settled) => held.push(() => settled(ask(what))));
  };

  function over() {
    if (held) return;
    held = [];
    const box = shown();
    const look = async () => {
      if (!(await signedIn())) return;
      clearInterval(looking);
      document.removeEventListener("visibilitychange", look);
      const waiting = held ?? [];
      held = null;
      box.remove();
      waiting.forEach((go) => go());
    };
    const looking = setInterval(look, EVERY);
    document.addEventListener("visibilitychange", look);
  }

  // null: the server did not say.
  async function signedIn() {
    const answer = await ask("/login/now", { cache: "no-store" }).catch(() => null);
    return answer?.ok ? (await answer.json()).signed_in : null;
  }

  // React keeps a box's text itself, and hears of another one only as if somebody had typed it.
  function giveBack(words) {
    const box = document.querySelector(BOX);
    if (!box || box.value) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, words);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function shown() {
    const box = document.createElement("div");
    box.setAttribute("role", "alert");
    box.style.cssText =
      "position:fixed;z-index:2000000;top:1rem;left:50%;transform:translateX(-50%);width:min(30rem,92vw);" +
      "padding:1rem 1.25rem;border-radius:8px;background:#101413;color:#edf1ef;" +
      "font:400 15px/1.5 Inter,sans-serif;box-shadow:0 4px 24px rgba(0,0,0,.35)";
    const said = document.createElement("p");
    said.style.cssText = "margin:0 0 .5rem";
    said.textContent = words.said;
    const link = document.createElement("a");
    link.href = "/login?again=1";
    link.target = "_blank";
    link.style.cssText = "color:#5eddc6;font-weight:600";
    link.textContent = words.link;
    box.append(said, link);
    document.body.append(box);
    return box;
  }
})();
