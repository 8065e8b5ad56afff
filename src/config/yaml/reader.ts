/**
 * Reads YAML in Hydra's dialect into the configuration tree, every node with its position. The `yaml` library
 * parses the structure; which scalar a plain text is, merge keys and duplicate keys follow PyYAML and OmegaConf.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
  Scalar as YamlScalar,
} from "yaml";
import { ConfigError } from "../../errors.ts";
import { type ConfigNode, encodeKey, listNode, mapNode, scalarNode } from "../tree/node.ts";
import type { Origin } from "../tree/origin.ts";
import { NULL, type Scalar, str } from "../values/scalar.ts";
import { type PlainTag, plainTag, scalarOfTag } from "./scalar-dialect.ts";

/** Limits against alias bombs: nodes after expansion of aliases, absolutely and relative to the nodes written. */
const MAX_EXPANDED_NODES = 1_000_000;
const FREE_EXPANDED_NODES = 1_000;
const MAX_EXPANSION_RATIO = 100;
const MAX_TEXT_CHARACTERS = 4 * 2 ** 20;
const MAX_DEPTH = 200;
const MAX_OPEN_BRACKETS = 1000;
const COMPACT_NESTING = /(?:[-?:][ \t]+){10,}/g;

const TAGS: Readonly<Record<string, PlainTag>> = {
  "tag:yaml.org,2002:null": "null",
  "tag:yaml.org,2002:bool": "bool",
  "tag:yaml.org,2002:int": "int",
  "tag:yaml.org,2002:float": "float",
  "tag:yaml.org,2002:str": "str",
  "!": "str",
};

/**
 * The tree of a YAML text; an empty text is `undefined`.
 * @throws {ConfigError} `yaml_error` with the position, `interpolation_syntax`.
 */
export function readYamlTree(text: string, file: string): ConfigNode | undefined {
  if (text.length > MAX_TEXT_CHARACTERS) throw new ConfigError("yaml_error", `${file} is larger than 4 MiB.`);
  if (isNestedTooDeeply(text))
    throw new ConfigError("yaml_error", `${file} is nested too deeply.`, { position: { file } });
  const reader = new TreeReader(text, file);
  try {
    return reader.read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError("yaml_error", `${file} is nested too deeply.`, { position: { file }, cause: error });
  }
}

/**
 * A look at brackets and indicators only, before the parser is let loose on the text: the parser's time grows with the
 * square of the nesting. Brackets in comments and texts count too, so the limit is far above what anyone writes.
 */
function isNestedTooDeeply(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) {
      if (++open > MAX_OPEN_BRACKETS) return true;
    } else if ((code === 0x5d || code === 0x7d) && open > 0) {
      open--;
    }
  }
  return (text.match(COMPACT_NESTING) ?? []).some((indicators) => indicators.split(/[ \t]+/).length > MAX_DEPTH);
}

class TreeReader {
  readonly text: string;
  readonly file: string;
  readonly lines = new LineCounter();
  readonly anchors = new Map<string, { tree: ConfigNode; size: number }>();
  readonly openAnchors = new Set<string>();
  written = 0;
  expanded = 0;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  read(): ConfigNode | undefined {
    const document = parseDocument(this.text, {
      schema: "failsafe",
      lineCounter: this.lines,
      uniqueKeys: false,
      strict: true,
      prettyErrors: false,
      keepSourceTokens: false,
    });
    const problem = document.errors[0];
    if (problem !== undefined) this.fail(problem.message, problem.pos[0]);
    const contents = document.contents as Node | null;
    if (contents === null || this.isEmptyDocument(contents)) return undefined;
    return this.convert(contents, 0);
  }

  private isEmptyDocument(node: Node): boolean {
    return isScalar(node) && node.type === "PLAIN" && node.source === "" && node.tag === undefined;
  }

  private convert(node: Node | null, depth: number): ConfigNode {
    if (depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`, offsetOf(node));
    const before = this.expanded;
    this.written++;
    this.expanded++;
    const origin = this.originAt(offsetOf(node));
    if (node === null) return scalarNode(NULL, origin);
    if (isAlias(node)) return this.alias(node);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) {
      this.anchors.delete(anchor);
      this.openAnchors.add(anchor);
    }
    let tree: ConfigNode;
    if (isScalar(node)) tree = scalarNode(this.scalar(node), origin);
    else if (isMap(node)) tree = this.map(node as YAMLMap<Node, Node | null>, origin, depth);
    else if (isSeq(node)) tree = this.list(node as YAMLSeq<Node | null>, origin, depth);
    else return this.fail("unsupported YAML node", offsetOf(node));
    if (anchor !== undefined) {
      this.openAnchors.delete(anchor);
      this.anchors.set(anchor, { tree, size: this.expanded - before });
    }
    return tree;
  }

  private list(node: YAMLSeq<Node | null>, origin: Origin, depth: number): ConfigNode {
    this.refuseTag(node, "tag:yaml.org,2002:seq");
    return listNode(
      node.items.map((item) => this.convert(item, depth + 1)),
      origin,
    );
  }

  private map(node: YAMLMap<Node, Node | null>, origin: Origin, depth: number): ConfigNode {
    this.refuseTag(node, "tag:yaml.org,2002:map");
    const own = new Map<string, ConfigNode>();
    const merged = new Map<string, ConfigNode>();
    for (const pair of node.items) {
      const key = this.key(pair.key);
      const value = this.convert(pair.value, depth + 1);
      if (key === undefined) {
        for (const source of this.mergeSources(value, pair.value)) merged.set(source[0], source[1]);
        continue;
      }
      const encoded = encodeKey(key);
      if (key.type === "str" && own.has(encoded)) {
        this.fail(`found duplicate key '${key.value}'`, offsetOf(pair.key));
      }
      own.set(encoded, value);
    }
    if (merged.size === 0) return mapNode(own, origin);
    // Merged keys stand first, as in PyYAML, and the mapping's own values win.
    for (const [key, value] of own) merged.set(key, value);
    return mapNode(merged, origin);
  }

  /** The key, or undefined for the merge key `<<`. */
  private key(node: Node | null): Scalar | undefined {
    if (node === null) return NULL;
    this.written++;
    this.expanded++;
    if (isAlias(node)) {
      const target = this.alias(node);
      if (target.kind === "scalar") return target.value;
    }
    if (!isScalar(node)) this.fail("a key must be a scalar", offsetOf(node));
    if (this.tagOf(node) === "merge") return undefined;
    if (this.tagOf(node) === "value") return str("=");
    const key = this.scalar(node);
    if (key.type === "str" && key.value === "__proto__")
      this.fail("'__proto__' is not allowed as a key", offsetOf(node));
    return key;
  }

  private mergeSources(value: ConfigNode, node: Node | null): (readonly [string, ConfigNode])[] {
    if (value.kind === "map") return [...value.entries];
    if (value.kind === "scalar") this.fail("expected a mapping or a list of mappings after '<<'", offsetOf(node));
    // The first mapping of a list wins, so it comes last.
    return [...value.items].reverse().flatMap((item) => {
      if (item.kind !== "map") this.fail("expected a mapping for merging", offsetOf(node));
      return [...item.entries];
    });
  }

  private scalar(node: YamlScalar): Scalar {
    const tag = this.tagOf(node);
    if (tag === "merge" || tag === "value")
      this.fail(`'${String(node.value)}' must be quoted as a value`, offsetOf(node));
    const text = typeof node.value === "string" ? node.value : (node.source ?? "");
    const scalar = scalarOfTag(tag, text);
    if (scalar === undefined) this.fail(`'${text.slice(0, 80)}' is no ${tag}`, offsetOf(node));
    return scalar;
  }

  private tagOf(node: YamlScalar): PlainTag {
    if (node.tag !== undefined) {
      const tag = TAGS[node.tag];
      if (tag === undefined) this.fail(`unknown tag '${node.tag}'`, offsetOf(node));
      return tag;
    }
    return node.type === YamlScalar.PLAIN ? plainTag(String(node.value ?? "")) : "str";
  }

  private alias(node: Alias): ConfigNode {
    const target = this.anchors.get(node.source);
    if (target === undefined) {
      const recursive = this.openAnchors.has(node.source);
      this.fail(
        recursive ? `alias '${node.source}' refers to itself` : `undefined alias '${node.source}'`,
        offsetOf(node),
      );
    }
    this.expanded += target.size - 1;
    const tooMany = this.expanded > FREE_EXPANDED_NODES && this.expanded > this.written * MAX_EXPANSION_RATIO;
    if (tooMany || this.expanded > MAX_EXPANDED_NODES) {
      this.fail(`aliases expand ${this.written} nodes to more than ${this.expanded}`, offsetOf(node));
    }
    return target.tree;
  }

  private refuseTag(node: YAMLMap | YAMLSeq, allowed: string): void {
    if (node.tag !== undefined && node.tag !== allowed && node.tag !== "!") {
      this.fail(`unknown tag '${node.tag}'`, offsetOf(node as unknown as Node));
    }
  }

  private originAt(offset: number | undefined): Origin {
    const { line, col } = this.lines.linePos(offset ?? 0);
    return { kind: "file", file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private fail(reason: string, offset: number | undefined): never {
    const origin = this.originAt(offset);
    const position = origin.kind === "file" ? { file: this.file, line: origin.line, column: origin.column } : {};
    throw new ConfigError("yaml_error", `Cannot read ${this.file}: ${reason}.`, {
      position,
      hint: yamlHint(reason, this.text),
    });
  }
}

function offsetOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}

function yamlHint(reason: string, text: string): string | undefined {
  if (/[{[][^\n]*\$\{/.test(text) && !reason.includes("duplicate")) {
    return "In flow style ({...} or [...]) an interpolation must be quoted: '${...}'.";
  }
  return undefined;
}
