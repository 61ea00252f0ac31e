/* Chapter & Verse in another site: puts the question box into a frame after this script and keeps the frame as high as
   its page. Nothing is stored or tracked. Attributes: data-q, a first question; data-title, a name for the frame. */
(() => {
  "use strict";
  const script = document.currentScript;
  const page = new URL("embed", script.src);
  if (script.dataset.q) page.searchParams.set("q", script.dataset.q);
  const frame = document.createElement("iframe");
  frame.title = script.dataset.title || "Questions and answers";
  frame.allow = "clipboard-write";
  frame.referrerPolicy = "no-referrer";
  frame.loading = "lazy";
  frame.style.cssText = "display:block;width:100%;height:24rem;border:0";
  frame.addEventListener("load", () => frame.contentWindow.postMessage({ chapterAndVerse: "height" }, page.origin));
  addEventListener("message", ({ source, origin, data }) => {
    const height = Number(data?.chapterAndVerse?.height);
    if (source !== frame.contentWindow || origin !== page.origin || !(height > 0)) return;
    frame.style.height = `${Math.min(height, 20000)}px`;
  });
  frame.src = page;
  script.after(frame);
})();
