// Renews the parts of the page that have changed; the page is whole without it.
const SECONDS = 5;
const offline = document.getElementById("offline");

async function renew() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch("/ops", { headers: { accept: "text/html" } });
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
