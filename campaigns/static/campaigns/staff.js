// The sentence and the letter follow what is typed; the bar follows what is sent.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const beside = document.querySelector("[data-beside]");
  const form = document.querySelector("#campaign_form");
  if (beside && form) followCampaign(beside, form);
  const bar = document.querySelector("[data-progress]");
  if (bar) followProgress(bar);
});

function followCampaign(beside, form) {
  const letter = beside.querySelector("[data-letter]");
  const look = letter.querySelector("[data-look]");
  letter.hidden = false;
  const spoken = document.documentElement.lang.startsWith("en") ? "en" : "de";
  look.querySelector(`[name="look-language"][value="${spoken}"]`).checked = true;
  let waiting = null;
  let last = 0;
  let typed = false;

  const ask = async () => {
    const turn = ++last;
    const sent = new FormData(form);
    for (const [name, value] of new FormData(look)) sent.append(name, value);
    let answer = { problems: [beside.dataset.failed], failed: true };
    try {
      const got = await fetch(beside.dataset.url, { method: "POST", body: sent });
      if (got.ok) answer = await got.json();
    } catch {
      // Told below; the next key asks again.
    }
    if (turn !== last) return;
    // Nobody is told what is missing before anything was typed.
    if (!typed && !answer.failed && !answer.sentences) return;
    showSentences(beside, answer);
    showLetter(letter, answer);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  };
  const touched = () => {
    typed = true;
    soon();
  };

  for (const event of ["input", "change"]) form.addEventListener(event, touched);
  if (window.django?.jQuery) window.django.jQuery(form).on("change", "select", touched);
  look.addEventListener("input", () => {
    letter.querySelector("[data-frame]").className = `frame ${new FormData(look).get("look-size")}`;
    soon();
  });
  look.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  // The tab of a language shows its letter.
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("a[href^='#']")?.getAttribute("href") ?? "";
    const language = { de: /deutsch|german/, en: /englisch|english/ };
    for (const [name, words] of Object.entries(language)) {
      if (!words.test(tab)) continue;
      look.querySelector(`[name="look-language"][value="${name}"]`).checked = true;
      soon();
    }
  });
  ask();
}

function showLetter(letter, { letter: seen, letter_problem: problem, problems }) {
  const told = letter.querySelector("[data-letter-problem]");
  const whole = letter.querySelector("[data-letter-whole]");
  told.hidden = !problem;
  told.textContent = problem ?? "";
  whole.classList.toggle("stale", Boolean(problems));
  if (problem) whole.hidden = true;
  if (!seen) return;
  whole.hidden = false;
  letter.querySelector("[data-subject]").textContent = seen.subject;
  const frame = letter.querySelector("iframe");
  if (frame.srcdoc !== seen.html) frame.srcdoc = seen.html;
}

// While something is to be sent, the bar is fetched anew every three seconds.
function followProgress(bar) {
  const isOpen = () => bar.querySelector("[data-more]")?.dataset.more === "1";
  const ask = async () => {
    try {
      const got = await fetch(bar.dataset.progress);
      if (got.ok && !got.redirected) bar.innerHTML = await got.text();
    } catch {
      // The next turn asks again.
    }
    if (isOpen()) setTimeout(ask, 3000);
  };
  if (isOpen()) setTimeout(ask, 3000);
}
