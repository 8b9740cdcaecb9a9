import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { world } from '../testing/world.js';
import { productDecider } from './product.decider.js';
import type { ProductEvent } from './product.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'product');
if (thing === undefined) throw new Error('no product');
const given = scene(productDecider, thing);
const added: ProductEvent = { type: 'ProductAdded', data: { name: 'Trade', line: 'trade' } };
const retired: ProductEvent = { type: 'ProductRetired', data: { reason: 'Old' } };
const stated = (text: string, segment: string | null = null): ProductEvent => ({
  type: 'AdvantageStated',
  data: { advantageId: 'fast', segment, text },
});

describe('products', () => {
  it('are added once: the same again is quiet, another is PRODUCT_EXISTS', () => {
    given().when('AddProduct', { name: 'Trade', line: 'trade' }).then([added]);
    given(added).when('AddProduct', { name: 'Trade', line: 'trade' }).then([]);
    given(added, retired).when('AddProduct', { name: 'Trade', line: 'trade' }).then([]);
    given(added).when('AddProduct', { name: 'Trade', line: 'stock' }).thenRefused('PRODUCT_EXISTS');
  });

  it('have advantages that can be restated', () => {
    const fast = { advantageId: 'fast', text: 'Two weeks' };
    given(added)
      .when('StateAdvantage', fast)
      .then([stated('Two weeks')]);
    given(added, stated('Two weeks')).when('StateAdvantage', fast).then([]);
    given(added, stated('Two weeks'))
      .when('StateAdvantage', { ...fast, segment: 'medium' })
      .then([stated('Two weeks', 'medium')]);
    given(added, stated('Two weeks'), stated('One week'))
      .when('StateAdvantage', fast)
      .then([stated('Two weeks')]);
  });

  it('SEGMENT_UNKNOWN: an advantage speaks to a segment that the portrait lists, or to all', () => {
    const document = { fields: [], segments: [{ code: 'small', name: 'Small' }] };
    const portrait = { status: 'published', latest: { version: 1, document } };
    const under = { world: new Map<string, unknown>([...world, ['portrait-main', portrait]]) };
    const { when } = given(added);
    const stating = (segment?: string) => ({ advantageId: 'fast', segment, text: 'Two weeks' });
    when('StateAdvantage', stating('tiny'), under).thenRefused('SEGMENT_UNKNOWN', { offered: ['small'] });
    when('StateAdvantage', stating('small'), under).then([stated('Two weeks', 'small')]);
    when('StateAdvantage', stating(), under).then([stated('Two weeks')]);
    when('StateAdvantage', stating('tiny')).then([stated('Two weeks', 'tiny')]);
  });

  it('are retired once; PRODUCT_RETIRED then refuses more praise', () => {
    given(added).when('RetireProduct', { reason: 'Old' }).then([retired]);
    given(added, retired).when('RetireProduct', { reason: 'Older' }).then([]);
    given(added, retired).when('StateAdvantage', { advantageId: 'fast', text: 'x' }).thenRefused('PRODUCT_RETIRED');
  });

  it('name the map of a service case, once published and meant for service', () => {
    const assigned = (routeMapId: string | null): ProductEvent => ({
      type: 'ServiceMapAssigned',
      data: { routeMapId },
    });
    const assign = (routeMapId: string) => given(added).when('AssignServiceMap', { routeMapId });
    assign('service').then([assigned('service')]);
    assign('automation').thenRefused('ROUTE_MAP_NOT_FOR_SERVICE');
    assign('nowhere').thenRefused('ROUTE_MAP_UNKNOWN');
    given(added, assigned('service')).when('AssignServiceMap', { routeMapId: 'service' }).then([]);
    given(added, assigned('service'))
      .when('AssignServiceMap', {})
      .then([assigned(null)]);
    given(added).when('AssignServiceMap', {}).then([]);
    given(added, retired)
      .when('AssignServiceMap', { routeMapId: 'service' })
      .then([assigned('service')]);
    given().when('AssignServiceMap', { routeMapId: 'service' }).thenRefused('PRODUCT_NOT_FOUND');
  });

  it('PRODUCT_NOT_FOUND: first they are added', () => {
    given().when('RetireProduct', { reason: 'Old' }).thenRefused('PRODUCT_NOT_FOUND');
    given().when('StateAdvantage', { advantageId: 'fast', text: 'x' }).thenRefused('PRODUCT_NOT_FOUND');
  });
});
