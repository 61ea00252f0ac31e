"use strict";
const box = document.getElementById("q");
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!box || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
/* Where a version is gone: the same address without it. The page itself repeats nothing that was sent. */
const now = document.querySelector("[data-now]");
if (now) {
  const kept = new URLSearchParams(location.search);
  for (const name of new Set(kept.keys())) if (!["q", "condition", "as_written"].includes(name)) kept.delete(name);
  const question = String(kept);
  now.setAttribute("href", now.pathname + (question && `?${question}`));
}
/* Copies the elements marked with data-take, in the order of its value: the quotation, its place, the works it cites,
   every note on it, its link. The quotation is copied without markup, the rest without line breaks. */
const words = (part) =>
  part.href ?? (part.tagName === "BLOCKQUOTE" ? `“${quoted(part)}”` : part.textContent.replace(/\s+/g, " ").trim());
const quoted = (part) => {
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll("[hidden]:not(td *)")) one.remove();
  for (const one of copy.querySelectorAll("[data-shown]")) one.append(one.dataset.shown);
  for (const one of copy.querySelectorAll("th")) one.append(one.nextSibling ? " | " : "\n");
  return copy.textContent;
};
const { copied } = document.currentScript.dataset;
for (const button of document.querySelectorAll("[data-copy]")) {
  const said = document.createElement("span");
  said.role = "status";
  button.after(said);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const taken = [...button.closest("[id]").querySelectorAll("[data-take]")];
    taken.sort((a, b) => a.dataset.take - b.dataset.take);
    await navigator.clipboard.writeText(taken.map(words).join("\n\n"));
    said.textContent = copied;
  });
}
