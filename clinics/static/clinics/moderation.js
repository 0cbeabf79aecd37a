/* The moderators' screens work without this; it adds j, k and s to the queue, and pointing to the map. */
(() => {
  "use strict";

  const isTyping = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const areShortcutsOn = () => window.wagtail?.config?.KEYBOARD_SHORTCUTS_ENABLED !== false;

  function walkTheQueue(queue) {
    const rows = [...queue.querySelectorAll("[data-queue-row]")];
    const current = () => rows.findIndex((row) => row.contains(document.activeElement));
    const go = (number) => rows[Math.max(0, Math.min(rows.length - 1, number))]?.querySelector("[data-queue-link]").focus();
    document.addEventListener("keydown", (event) => {
      if (!rows.length || isTyping(event) || !areShortcutsOn()) return;
      if (event.key === "j") go(current() + 1);
      else if (event.key === "k") go(current() - 1);
      else if (event.key === "Enter" && document.activeElement === document.body) rows[0].querySelector("[data-queue-link]").click();
      else if (event.key === "s") rows[current()]?.querySelector("input[type=checkbox]")?.click();
      else return;
      event.preventDefault();
    });
  }

  /* While somebody writes a reason, a stray letter must not approve. */
  function holdDecisionsWhileWriting(actions) {
    const hold = (isHeld) => actions.querySelectorAll("button").forEach((button) => { button.disabled = isHeld; });
    document.addEventListener("w-dialog:shown", () => hold(true));
    document.addEventListener("w-dialog:hidden", () => hold(false));
  }

  function aimWithTheMap(map) {
    const aim = map.querySelector("[data-map-aim]");
    const form = document.querySelector(".case__pin-form");
    if (!form) return;
    const { width, height } = map.viewBox.baseVal;
    const [left, top, reach] = ["left", "top", "reach"].map((name) => Number(map.dataset[name]));
    const middle = { x: width / 2, y: height / 2 };
    let at = null;

    function put(x, y) {
      at = { x: Math.max(0, Math.min(width, x)), y: Math.max(0, Math.min(height, y)) };
      aim.removeAttribute("hidden");
      aim.setAttribute("transform", `translate(${at.x} ${at.y})`);
      const longitude = ((left + (at.x / width) * reach) * 360 - 180 + 540) % 360 - 180;
      const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * (top + (at.y / width) * reach)))) * 180) / Math.PI;
      form.elements.latitude.value = latitude.toFixed(6);
      form.elements.longitude.value = longitude.toFixed(6);
      form.closest("details").open = true;
    }

    map.addEventListener("click", (event) => {
      const box = map.getBoundingClientRect();
      put(((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
    });
    map.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 1 : 10;
      const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (event.key === "Enter" && at) { form.requestSubmit(); return; }
      if (!(event.key in steps)) return;
      event.preventDefault();
      const [across, down] = steps[event.key];
      const from = at ?? middle;
      put(from.x + across, from.y + down);
    });
  }

  document.querySelectorAll("[data-queue]").forEach(walkTheQueue);
  document.querySelectorAll(".case__actions").forEach(holdDecisionsWhileWriting);
  document.querySelectorAll("[data-map]").forEach(aimWithTheMap);
  document.querySelector("[data-autofocus]")?.focus();
})();
