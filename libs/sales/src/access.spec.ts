import { type Role, ROLES } from '@voronka/kernel';
import { salesThings } from './registry.js';

/** Who may send which command. What a manager may do is limited to his own deals by the deal itself. */
const TABLE: Readonly<Record<string, string>> = {
  RaiseReminder: '',
  RecordAbsence: 'admin service director',
  CancelAbsence: 'admin service director',
  ConfigureCompany: 'admin service',
  PublishCalendar: 'admin service director',
  CreateDepartment: 'admin service director',
  AppointHead: 'admin service director',
  HireEmployee: 'admin service director',
  TransferEmployee: 'admin service director',
  DismissEmployee: 'admin service director',
  RegisterCustomer: 'admin service manager head director',
  CorrectCustomer: 'admin service manager head director',
  DescribeCustomer: 'admin service manager head director',
  ReleaseSegment: 'admin service manager head director',
  ApplySegmentRules: '',
  NotePortraitUse: '',
  PublishPortrait: 'admin service director',
  PublishQuestionnaire: 'admin service director',
  AssignSegment: 'admin service manager head director',
  EraseCustomerPersonalData: 'admin service head director',
  AddProduct: 'admin service director',
  StateAdvantage: 'admin service head director',
  RetireProduct: 'admin service director',
  AssignServiceMap: 'admin service director',
  PublishRouteMap: 'admin service director',
  RetireRouteMap: 'admin service director',
  OpenDeal: 'admin service manager head director',
  RecordHistory: 'admin service',
  CompleteStep: 'admin service manager head director',
  VerifyStep: 'admin service manager head director',
  SkipStep: 'admin head director',
  ReturnDeal: 'admin service manager head director',
  VoidStep: 'admin service head director',
  RecordActivity: 'admin service manager head director',
  VoidActivity: 'admin service manager head director',
  CorrectStep: 'admin service head director',
  CorrectActivity: 'admin service manager head director',
  PlanActivity: 'admin service manager head director',
  RescheduleActivity: 'admin service manager head director',
  CancelActivity: 'admin service manager head director',
  MigrateDeal: 'admin service head director',
  ReassignDeal: 'admin service head director',
  SignContract: 'admin service manager head director',
  ReviseDeal: 'admin service manager head director',
  ShareCredit: 'admin service manager head director',
  AmendContract: 'admin service manager head director',
  VoidContract: 'admin service head director',
  TerminateContract: 'admin service head director',
  RecordPayment: 'admin service manager head director',
  ReversePayment: 'admin service manager head director',
  LoseDeal: 'admin service manager head director',
  ReopenDeal: 'admin service manager head director',
  OpenServiceCase: 'admin service manager head director',
  ReturnServiceCase: 'admin service manager head director',
  ReassignServiceCase: 'admin service head director',
  MigrateServiceCase: 'admin service head director',
  CloseServiceCase: 'admin service manager head director',
  ReopenServiceCase: 'admin service manager head director',
};

// A service case takes many of a deal's commands: the same definitions, so the same roles.
const commands = [...new Set(salesThings.flatMap((thing) => thing.commands))];

describe('command × role', () => {
  it('has a line for every command', () => {
    expect(commands.map(({ type }) => type).sort()).toEqual(Object.keys(TABLE).sort());
  });

  const cells = commands.flatMap(({ type, roles }) => ROLES.map((role) => ({ type, role, may: roles.includes(role) })));
  it.each(cells)('$type by $role', ({ type, role, may }) => {
    expect(may).toBe(TABLE[type]?.split(' ').includes(role));
  });

  it.each<Role>(['payroll', 'auditor', 'bi'])('%s changes nothing', (role) => {
    expect(commands.filter(({ roles }) => roles.includes(role))).toEqual([]);
  });
});
