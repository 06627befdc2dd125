import { freshID } from "../dom.ts";

/**
 * Makes a button open a popover below itself, or below what it belongs to. The
 * browser closes it: by Escape, or a click beside it.
 */
export function popup(button: HTMLButtonElement, popover: HTMLElement, opening?: () => void, below: HTMLElement = button): void {
  popover.id ||= freshID("popup");
  popover.setAttribute("popover", "auto");
  button.setAttribute("popovertarget", popover.id);
  button.setAttribute("aria-haspopup", "true");
  popover.addEventListener("beforetoggle", (event) => {
    if ((event as ToggleEvent).newState !== "open") return;
    opening?.();
  });
  popover.addEventListener("toggle", (event) => {
    const open = (event as ToggleEvent).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const place = below.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, innerWidth - popover.offsetWidth - 8));
    popover.style.setProperty("min-width", `${place.width}px`);
    popover.style.setProperty("top", `${place.bottom + 4}px`);
    popover.style.setProperty("left", `${left}px`);
  });
}
