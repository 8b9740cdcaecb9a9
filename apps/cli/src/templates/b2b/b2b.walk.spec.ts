import { House, type Sender } from '../testing/house.js';
import { templateCommands } from '../template.js';
import { b2bTemplate } from './index.js';
import { SALE_MAP_ID } from './sale-map.js';

const LARGE = 150_000_000;
const ivanova: Sender = { person: 'ivanova', roles: ['manager'] };
const orlova: Sender = { person: 'orlova', roles: ['head'] };

/** A department that has just loaded the template: Ivanova sells, Orlova heads. */
function department(): House {
  const house = new House();
  const found = (category: string, id: string, type: string, body: object) => house.send({ category, id, type, body });
  const hire = (id: string, roles: string[]) =>
    found('employee', id, 'HireEmployee', {
      name: id,
      position: 'Sales',
      departmentId: 'sales',
      roles,
      hiredOn: '2009-02-01',
    });
  found('company', 'main', 'ConfigureCompany', { name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB' });
  found('department', 'sales', 'CreateDepartment', { name: 'Sales' });
  hire('ivanova', ['manager']);
  hire('orlova', ['head', 'manager']);
  found('department', 'sales', 'AppointHead', { employeeId: 'orlova', effectiveOn: '2009-02-01' });
  found('customer', 'volga', 'RegisterCustomer', { kind: 'company', name: 'Volga Tools' });
  found('product', 'trade', 'AddProduct', { name: 'Trade management', line: 'trade' });
  for (const command of templateCommands(b2bTemplate('ru'))) house.send(command);
  const opening = { customerId: 'volga', routeMapId: SALE_MAP_ID, ownerId: 'ivanova' };
  house.send({ category: 'deal', id: 'd1', type: 'OpenDeal', body: opening }, ivanova);
  return house;
}

const on = (type: string, body: object) => ({ category: 'deal', id: 'd1', type, body });
const complete = (step: string, answers: object = {}) => on('CompleteStep', { step, answers });
const record = (kind: string) => on('RecordActivity', { kind });
const sign = (amountKopecks: number) =>
  on('SignContract', { number: '1', lines: [{ productId: 'trade', amountKopecks }] });

const answered = (workplaces: string) =>
  complete('questionnaire', { workplaces, areas: ['trade'], currentSystem: 'boxed', pain: 'Остатки не сходятся' });
const analysed = complete('analysis', { solution: ['trade'], conclusion: 'Подходит типовое решение' });

/** From the entry to the verified questionnaire. */
function upToVerification(house: House, workplaces: string): void {
  house.send(complete('first-contact', { channel: 'call', interested: true }), ivanova);
  house.send(complete('gathering', { summary: 'Торгует инструментом' }), ivanova);
  house.send(answered(workplaces), ivanova);
  house.send(analysed, ivanova);
  house.send(complete('verification'), orlova);
}

function met(house: House): void {
  house.send(record('meeting'), ivanova);
  house.send(complete('meeting', { result: 'Ждут предложение' }), ivanova);
}

describe('a deal along the map of sales', () => {
  it('is won in a department that has just loaded the template', () => {
    const house = department();
    upToVerification(house, 'up-to-15');
    met(house);
    house.send(complete('proposal', { amount: 5_000_000 }), ivanova);
    house.send(complete('contract'), ivanova);
    house.send(sign(5_000_000), ivanova);
    expect(house.state('deal', 'd1')).toMatchObject({ status: 'won' });
  });

  it('a large office is surveyed, a large amount is approved by the head', () => {
    const house = department();
    upToVerification(house, 'over-50');
    met(house);
    const proposal = complete('proposal', { amount: LARGE });
    expect(house.refusal(proposal, ivanova)).toBe('STEP_PREREQUISITE_MISSING');
    expect(house.refusal(complete('survey', { surveyedOn: '2009-08-10' }), ivanova)).toBe('EVIDENCE_MISSING');
    house.send(record('visit'), ivanova);
    house.send(complete('survey', { surveyedOn: '2009-08-10' }), ivanova);
    house.send(proposal, ivanova);
    expect(house.refusal(complete('contract'), ivanova)).toBe('STEP_PREREQUISITE_MISSING');
    expect(house.refusal(complete('approval'), ivanova)).toBe('STEP_ROLE_MISSING');
    house.send(complete('approval'), orlova);
    house.send(complete('contract'), ivanova);
    house.send(sign(LARGE), ivanova);
    expect(house.state('deal', 'd1')).toMatchObject({ status: 'won' });
  });

  it('a questionnaire is not verified by the one who filled it in, even if she is the head', () => {
    const house = department();
    house.send(complete('first-contact', { channel: 'call', interested: true }), ivanova);
    house.send(complete('gathering', { summary: 'Торгует инструментом' }), ivanova);
    house.send(answered('up-to-15'), orlova);
    house.send(analysed, ivanova);
    expect(house.refusal(complete('verification'), ivanova)).toBe('STEP_ROLE_MISSING');
    expect(house.refusal(complete('verification'), orlova)).toBe('VERIFIER_IS_PERFORMER');
  });
});
