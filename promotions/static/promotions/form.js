// The sentence and the test basket that follow what is typed.
document.addEventListener("DOMContentLoaded", () => {
  const beside = document.querySelector("[data-beside]");
  if (beside) follow(beside, document.querySelector("#promotion_form"));
});

function follow(beside, form) {
  const basket = beside.querySelector("[data-basket]");
  const kept = `basket of ${location.pathname}`;
  basket.hidden = false;
  refill(basket, sessionStorage.getItem(kept));
  let waiting = null;
  let last = 0;
  let typed = false;
  let starts = !sessionStorage.getItem(kept);

  const ask = async () => {
    const turn = ++last;
    const sent = new FormData(form);
    for (const [name, value] of new FormData(basket)) sent.append(name, value);
    if (starts) sent.append("basket-starts", "on");
    let answer = { problems: [beside.dataset.failed], failed: true };
    try {
      const got = await fetch(beside.dataset.url, { method: "POST", body: sent });
      if (got.ok) answer = await got.json();
    } catch {
      // Told below; the next key asks again.
    }
    if (turn !== last) return;
    // Nobody is told what is missing before anything was typed.
    if (!typed && !answer.failed) answer.problems = [];
    if (starts && answer.starter) restart(basket, answer.starter);
    showSentences(beside, answer);
    showBasket(basket, answer);
  };
  const soon = () => {
    typed = true;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  };

  for (const place of [form, basket]) {
    place.addEventListener("input", soon);
    place.addEventListener("change", soon);
  }
  basket.addEventListener("input", (event) => {
    if (event.target.closest("[data-filling]")) return;
    starts = false;
    sessionStorage.setItem(kept, JSON.stringify([...new FormData(basket)]));
  });
  basket.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if (window.django?.jQuery) window.django.jQuery(form).on("change", "select", soon);
  ask();
}

// While nobody has touched it, the basket is one that fits what is typed; who types goes on typing.
function restart(basket, starter) {
  const now = new Map(new FormData(basket));
  if (Object.entries(starter).every(([name, value]) => (now.get(name) ?? "") === value)) return;
  const typing = document.activeElement;
  basket.dataset.filling = "";
  refill(basket, JSON.stringify([...now, ...Object.entries(starter)]));
  delete basket.dataset.filling;
  typing.focus({ preventScroll: true });
}

// The basket as it was before the page was saved and shown again.
function refill(basket, kept) {
  if (!kept) return;
  const values = new Map(JSON.parse(kept));
  const total = basket.querySelector('[name$="-TOTAL_FORMS"]');
  const rows = Number(values.get(total.name));
  while (Number(total.value) < rows) basket.querySelector("[data-add]").click();
  for (const row of [...basket.querySelectorAll("[data-row]")].slice(rows)) row.remove();
  for (const field of basket.elements) {
    if (field.type === "checkbox") field.checked = values.has(field.name);
    else if (field.name && values.has(field.name)) field.value = values.get(field.name);
  }
  for (const removed of basket.querySelectorAll('[name$="-DELETE"]:checked')) removed.closest("[data-row]").hidden = true;
  document.activeElement.blur();
}

function showBasket(basket, { sentences, basket: verdict, basket_problems: problems = {} }) {
  const place = basket.querySelector("[data-verdict]");
  basket.querySelector("[data-waits]").hidden = Boolean(sentences);
  place.classList.toggle("stale", verdict === undefined);
  if (verdict !== undefined && place.innerHTML !== verdict) place.innerHTML = verdict;
  for (const told of basket.querySelectorAll("[data-problem]")) told.remove();
  for (const field of basket.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  for (const [name, problem] of Object.entries(problems)) {
    const told = Object.assign(document.createElement("p"), { textContent: problem, id: `problem-${name}` });
    told.className = "text-red-700 text-xs dark:text-red-400";
    told.dataset.problem = "";
    const field = basket.elements.namedItem(name);
    if (!field) {
      place.before(told);
      continue;
    }
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", told.id);
    const line = field.closest(".basket-line");
    const folded = field.closest("details");
    if (line && !folded) {
      told.textContent = `${field.labels[0].textContent.trim()}: ${problem}`;
      line.querySelector(".basket-rest").before(told);
    } else field.after(told);
    if (folded) folded.open = true;
  }
}
