import { CsvTable } from './csv.js';

describe('CSV', () => {
  it('quotes what has to be quoted, and leaves no formula to a spreadsheet', () => {
    const rows = [
      ['a', 'b "c"', 'd,e', 'f\ng', null, 1],
      ['=1+1', '-5', '-5.25', '-cmd', '@x', ''],
    ];
    expect(new CsvTable(rows).text).toBe('a,"b ""c""","d,e","f\ng",,1\r\n\'=1+1,-5,-5.25,\'-cmd,\'@x,\r\n');
  });
});
