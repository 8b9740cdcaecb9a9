import type { RouteMapDocument } from '@voronka/sales/events';
import type { Translate } from '../template.js';
import { acquaintance, needs } from './sale-map.needs.js';
import { agreement, offer } from './sale-map.offer.js';

export const SALE_MAP_ID = 'b2b-sale';

/** From the first contact to the contract: who must do what, in which order, and how it is known to be done. */
export const saleMap = (t: Translate): RouteMapDocument => ({
  name: t('Продажа бизнесу', 'Sale to a business'),
  purpose: 'sale',
  stages: [
    { code: 'acquaintance', name: t('Знакомство', 'Getting to know') },
    { code: 'needs', name: t('Потребности', 'Needs') },
    { code: 'offer', name: t('Предложение', 'Offer') },
    { code: 'agreement', name: t('Договор', 'Agreement') },
  ],
  lossReasons: [
    { code: 'price', name: t('Дорого', 'Too dear'), countsAsLoss: true },
    { code: 'competitor', name: t('Выбрали другого поставщика', 'Chose another supplier'), countsAsLoss: true },
    { code: 'no-budget', name: t('Нет бюджета', 'No budget'), countsAsLoss: true },
    { code: 'no-need', name: t('Нет потребности', 'No need'), countsAsLoss: true },
    { code: 'postponed', name: t('Отложили', 'Put off'), countsAsLoss: true },
    { code: 'no-answer', name: t('Не отвечают', 'No answer'), countsAsLoss: true },
    { code: 'no-fit', name: t('Продукт не подходит', 'The product does not fit'), countsAsLoss: true },
    { code: 'duplicate', name: t('Заведена дважды', 'Entered twice'), countsAsLoss: false },
    { code: 'mistake', name: t('Заведена по ошибке', 'Entered by mistake'), countsAsLoss: false },
  ],
  steps: [...acquaintance(t), ...needs(t), ...offer(t), ...agreement(t)],
});
