import { readFileSync } from 'node:fs';
import path from 'node:path';
import { refuse } from '@voronka/kernel';
import { faultsByLine, planFileFrom, PlanFileError } from './plan-csv.js';

const HEAD = 'indicator,ownerKind,owner,period,value\n';

describe('plans from CSV', () => {
  it('are cells, each with its line; a department stands for its people', () => {
    expect(planFileFrom(`${HEAD}contacts,employee,ivanova,2009-08,40\n\ncontacts,members,sales,2009-W33,5\n`)).toEqual({
      rows: [
        {
          line: 2,
          isForMembers: false,
          cell: {
            ...{ indicator: 'contacts', owner: { kind: 'employee', id: 'ivanova' } },
            ...{ period: '2009-08', change: 'replace', value: 40 },
          },
        },
        expect.objectContaining({ line: 4, isForMembers: true }),
      ],
      faults: [],
    });
  });

  it('say what becomes of a cell, from when, and whether it is prorated', () => {
    const csv = 'indicator,ownerKind,owner,period,change,value,from,proration\n';
    const { rows } = planFileFrom(
      `${csv}contacts,employee,ivanova,2009-08,fromDate,45,2009-08-17,workingDays\ncontacts,company,main,2009,withdraw,,,\n`,
    );
    expect(rows.map(({ cell }) => cell)).toMatchObject([
      { change: 'fromDate', value: 45, from: '2009-08-17', proration: 'workingDays' },
      { change: 'withdraw' },
    ]);
    expect(rows[1]?.cell).not.toHaveProperty('value');
  });

  it('every bad line is listed with its number and field; the sound ones stay', () => {
    const csv = `${HEAD}contacts,employee,ivanova,2009-08,many\n,team,ivanova,August,3\ncontacts,employee,ivanova,2009-08,40\n`;
    const { rows, faults } = planFileFrom(csv);
    expect(rows.map(({ line }) => line)).toEqual([4]);
    expect(faults.map(({ line, field }) => `${line} ${field}`).sort()).toEqual([
      '2 value',
      '3 indicator',
      '3 ownerKind',
      '3 period',
    ]);
  });

  it('a file that is no such table is refused', () => {
    const refused = (csv: string) => () => planFileFrom(csv);
    expect(refused('indicator,owner\nx,y\n')).toThrow(/no column ownerKind, period, value/);
    expect(refused('indicator,ownerKind,owner,period,value,colour\na,b,c,d,e,f\n')).toThrow(/called colour/);
    expect(refused(HEAD)).toThrow(PlanFileError);
  });

  it('faults of the decision come back to their lines', () => {
    const faults = [{ pointer: '/cells/1/owner/id', code: 'OWNER_UNKNOWN', detail: 'there is no employee x' }];
    const error = refuse.rule('PLAN_FAULTY', 'correct it', { faults });
    expect(faultsByLine(error, [2, 5])).toEqual([{ line: 5, field: 'owner', detail: 'there is no employee x' }]);
    const closed = refuse.rule('PERIOD_CLOSED', 'the period is closed', { cell: 0 });
    expect(faultsByLine(closed, [2, 5])).toEqual([{ line: 2, field: '', detail: 'the period is closed' }]);
    expect(faultsByLine(refuse.conflict('PLAN_CHANGE_EXISTS', 'another id'), [2])).toBeNull();
  });

  it('is read as the documentation writes it', () => {
    const docs = readFileSync(path.join(__dirname, '../../../../docs/pay.md'), 'utf8');
    const shown = /```csv\n(?<csv>[^`]+)```/.exec(docs)?.groups?.['csv'] ?? '';
    const { rows, faults } = planFileFrom(shown);
    expect([rows.length, faults]).toEqual([4, []]);
  });
});
