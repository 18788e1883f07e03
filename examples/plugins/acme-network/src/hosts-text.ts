/** What a hosts file says of a name: its address, and the other names of the same line. */
export interface HostEntry {
  readonly address: string;
  readonly aliases: readonly string[];
}

/** What the text says of a name: the first line whose first name it is. */
export function entryOf(text: string, name: string): HostEntry | undefined {
  return text
    .split('\n')
    .map(parseLine)
    .find((line) => line?.name === name);
}

/** The text with an entry for the name, or without one. Everything else stays as it is: other lines, comments, their order. */
export function withEntry(text: string, name: string, entry: HostEntry | undefined): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const at = lines.findIndex((line) => parseLine(line)?.name === name);
  const others = lines.filter((line) => parseLine(line)?.name !== name);
  const written = entry === undefined ? [] : [[entry.address, name, ...entry.aliases].join(' ')];
  const kept = others.toSpliced(at < 0 ? others.length : at, 0, ...written);
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

function parseLine(line: string): (HostEntry & { readonly name: string }) | undefined {
  const [address = '', name, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
  return name === undefined ? undefined : { address, name, aliases };
}
