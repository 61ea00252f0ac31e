"use strict";
const box = document.getElementById("q");
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!box || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
/* What is copied is the quotation, where it stands, its link, and every note on it. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const hit = document.getElementById(button.dataset.copy);
  const words = (part) => part.textContent.replace(/\s+/g, " ").trim();
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const lines = [`“${hit.querySelector("blockquote").textContent}”`, words(hit.querySelector(".source"))];
    for (const note of hit.querySelectorAll(".note")) lines.push(words(note));
    lines.push(hit.querySelector("[rel=bookmark]").href);
    await navigator.clipboard.writeText(lines.join("\n\n"));
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
