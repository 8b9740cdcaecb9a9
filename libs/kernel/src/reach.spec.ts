import { type DepartmentFact, departmentsUp, headOn, headsDepartment, REACH, reachOf } from './reach.js';

const under = (parentId: string | null, ...heads: readonly [string, string][]): DepartmentFact => ({
  status: 'active',
  created: { parentId },
  heads: heads.map(([employeeId, effectiveOn]) => ({ employeeId, effectiveOn })),
});

describe('reach', () => {
  it('is the widest of several roles', () => {
    expect(reachOf(['manager'])).toBe('own');
    expect(reachOf(['manager', 'head'])).toBe('departments');
    expect(reachOf(['head', 'director'])).toBe('company');
    expect(reachOf([])).toBe('own');
    expect(REACH.auditor).toBe('company');
  });

  it('goes up from department to department, as what is known leads on', () => {
    expect(departmentsUp(['a'], [])).toEqual(['a']);
    expect(departmentsUp(['a'], [under('b')])).toEqual(['a', 'b']);
    expect(departmentsUp(['a', 'c', 'a'], [under('b'), under('b'), under(null)])).toEqual(['a', 'c', 'b']);
    expect(departmentsUp(['a'], [undefined])).toEqual(['a']);
    expect(departmentsUp(['a'], [under('b'), under('a')])).toEqual(['a', 'b']);
  });

  it('is that of whoever heads the department, or one above, on the day', () => {
    const known = [under('top', ['anna', '2009-02-01'], ['boris', '2009-08-01']), under(null, ['chief', '2009-01-01'])];
    const place = { starts: ['a'], known };
    const may = (person: string, day: string) => headsDepartment(person, 'a', { ...place, day });
    expect([may('anna', '2009-07-31'), may('anna', '2009-08-01')]).toEqual([true, false]);
    expect([may('boris', '2009-07-31'), may('boris', '2009-08-01')]).toEqual([false, true]);
    expect([may('chief', '2009-07-31'), may('chief', '2008-12-31')]).toEqual([true, false]);
    expect(headsDepartment('anna', 'top', { ...place, day: '2009-07-31' })).toBe(false);
    expect(headOn(under(null), '2009-07-31')).toBeNull();
  });
});
