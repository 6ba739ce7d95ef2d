// Makes pages more comfortable; each of them is whole without it.
const find = (id) => document.getElementById(id);

// A part of a page that shows the present is renewed in place.
const SECONDS = 5;
async function renew() {
  const offline = find("offline");
  if (document.hidden || !offline) return;
  let answer;
  try {
    answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  } catch {
    offline.hidden = false;
    return;
  }
  if (answer.status === 401) return location.reload();
  offline.hidden = answer.ok;
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...other.childNodes);
  }
}
setInterval(renew, SECONDS * 1000);
document.addEventListener("visibilitychange", renew);

// Buttons that only a script can serve are hidden until there is one.
const wake = () => document.querySelectorAll("[data-script]").forEach((each) => (each.hidden = false));
wake();

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-script]");
  if (button?.dataset.script === "show") {
    const field = find(button.getAttribute("aria-controls"));
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  } else if (button?.dataset.script === "copy") {
    await navigator.clipboard.writeText(find(button.getAttribute("aria-controls")).textContent.trim());
    button.textContent = button.dataset.done;
  }
  for (const menu of document.querySelectorAll("details.me[open]")) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector("details.me[open]");
  if (menu) {
    menu.open = false;
    menu.firstElementChild.focus();
  }
});

// What htmx brought into the shell is read from its heading on.
document.addEventListener("htmx:after:swap", () => {
  wake();
  if (find("menu")) find("menu").checked = false;
  const heading = document.querySelector("#main h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
});
