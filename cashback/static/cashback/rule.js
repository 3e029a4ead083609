// The sentence of a cashback rule follows what is typed.
document.addEventListener("DOMContentLoaded", () => {
  const beside = document.querySelector("[data-beside]");
  const form = document.querySelector("#rule_form");
  if (beside && form) followRule(beside, form);
});

function followRule(beside, form) {
  let waiting = null;
  let last = 0;

  const ask = async () => {
    const turn = ++last;
    let answer = { problems: [beside.dataset.failed] };
    try {
      const got = await fetch(beside.dataset.url, { method: "POST", body: new FormData(form) });
      if (got.ok) answer = await got.json();
    } catch {
      // Told below; the next key asks again.
    }
    if (turn === last) showSentences(beside, answer);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (window.django?.jQuery) window.django.jQuery(form).on("change", "select", soon);
}
