/** Elements made of text, never of markup: whatever a run is called, it is shown and not interpreted. */

type Child = Node | string | undefined;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  for (const child of children) if (child !== undefined) made.append(child);
  return made;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A labelled drop-down; `onChange` hears of every choice. */
export function dropDown(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLElement {
  const select = element(
    "select",
    {},
    ...choices.map(({ value, label: text }) =>
      element("option", { value, selected: value === chosen ? "" : undefined }, text),
    ),
  );
  select.addEventListener("change", () => onChange(select.value));
  return element("label", { class: "control" }, element("span", {}, label), select);
}

export function checkBox(label: string, checked: boolean, onChange: (checked: boolean) => void): HTMLElement {
  const box = element("input", { type: "checkbox", checked: checked ? "" : undefined });
  box.addEventListener("change", () => onChange(box.checked));
  return element("label", { class: "control check" }, box, element("span", {}, label));
}
