type Kind = 'object' | 'list' | 'null' | 'boolean' | 'number' | 'string' | 'other';

function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  return type === 'object' || type === 'boolean' || type === 'number' || type === 'string' ? type : 'other';
}

/** Where two answers are not of one shape: other fields, or other types. Null fits everything, an empty list any list. */
export function differences(real: unknown, shown: unknown, at = ''): string[] {
  const [answered, documented] = [kindOf(real), kindOf(shown)];
  if (answered === 'null' || documented === 'null') return [];
  if (answered !== documented) return [`${at}: answered ${answered}, documented ${documented}`];
  if (answered === 'list') {
    const [[one], [other]] = [real as unknown[], shown as unknown[]];
    return one === undefined || other === undefined ? [] : differences(one, other, `${at}/0`);
  }
  return answered === 'object' ? inFields(real as Fields, shown as Fields, at) : [];
}

type Fields = Readonly<Record<string, unknown>>;

function inFields(real: Fields, shown: Fields, at: string): string[] {
  return [...new Set([...Object.keys(real), ...Object.keys(shown)])].flatMap((name) => {
    if (!Object.hasOwn(shown, name)) return [`${at}/${name} is not documented`];
    if (!Object.hasOwn(real, name)) return [`${at}/${name} is not answered`];
    return differences(real[name], shown[name], `${at}/${name}`);
  });
}
