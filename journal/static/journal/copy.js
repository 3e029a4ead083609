// A button that copies the text of the element it names. Without a clipboard (no TLS) it marks the text.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
        getSelection().selectAllChildren(text);
        if (!navigator.clipboard) {
            return;
        }
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = button.dataset.copied;
    });
}
