/** Our override values in the form in which the corpus records Hydra's. */
import { floatRepr } from "../../dist/config/index.js";

export function describeValue(value) {
  switch (value.type) {
    case "null":
      return { type: "null" };
    case "bool":
      return { type: "bool", value: value.value };
    case "int":
      return { type: "int", value: typeof value.value === "bigint" ? String(value.value) : value.value };
    case "float": {
      const repr = floatRepr(value.value);
      return { type: "float", value: Number.isFinite(value.value) ? value.value : repr, repr };
    }
    case "str":
      return { type: "str", value: value.value, ...(value.quote === undefined ? {} : { quote: value.quote }) };
    case "list":
      return { type: "list", value: value.items.map(describeValue) };
    case "dict":
      return { type: "dict", value: value.entries.map(([key, item]) => [describeValue(key), describeValue(item)]) };
    case "list_extension":
      return { type: "other" };
    case "choice_sweep":
      return {
        type: "choice_sweep",
        simple_form: value.simpleForm,
        shuffle: value.shuffle,
        tags: [...value.tags],
        list: value.list.map(describeValue),
      };
    case "range_sweep":
      return {
        type: "range_sweep",
        shuffle: value.shuffle,
        tags: [...value.tags],
        start: describeValue(value.start),
        stop: describeValue(value.stop),
        step: describeValue(value.step),
      };
    case "interval_sweep":
      return {
        type: "interval_sweep",
        tags: [...value.tags],
        start: describeValue(value.start),
        end: describeValue(value.end),
      };
    case "glob":
      return { type: "glob", include: [...value.include], exclude: [...value.exclude] };
  }
}
