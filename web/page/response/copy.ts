import { fill, h, icon, type Props } from "../dom.ts";

/** How long a button says that it has copied (milliseconds). */
const moment = 1500;

/** Puts a text on the clipboard, also where a page over plain http is not given the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** A button that copies a text and says so. */
export function copyButton(label: string, text: () => string, props: Props = { class: "quiet" }): HTMLButtonElement {
  const button = h("button", { type: "button", ...props }, label);
  button.onclick = async () => {
    fill(button, (await copyText(text())) ? "Copied" : "Not allowed");
    setTimeout(() => fill(button, label), moment);
  };
  return button;
}

/** The same as a small square with an icon; `label` is its accessible name. */
export function copyIcon(label: string, text: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "icon-button small", "aria-label": label, title: label }, icon("copy"));
  button.onclick = async () => {
    fill(button, icon((await copyText(text())) ? "check" : "remove"));
    setTimeout(() => fill(button, icon("copy")), moment);
  };
  return button;
}

/** The old way: it asks for no permission, but needs the text selected in the page. */
function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const box = h("textarea", { class: "visually-hidden", prop: { value: text } });
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
