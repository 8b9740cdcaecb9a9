/** An answer that is a table: sent as CSV (RFC 4180), in UTF-8. */
export class CsvTable {
  constructor(readonly rows: readonly (readonly (string | number | null)[])[]) {}

  get text(): string {
    return this.rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
  }
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  // Spreadsheets take text that begins so for a formula, and names are typed by people.
  const safe =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
