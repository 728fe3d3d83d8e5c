// The record of hand-overs for operators, newest first, in pages. It does not distinguish a decoy from a real challenge that no vendor
// took, as nothing else does.
import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { uuidForm } from '../../platform/text/patterns';
import { Conversions } from './conversions.service';
import { DeliveryLogStore, type Place } from './delivery-log.store';
import type { DeliveryFilter, DeliveryPage } from './delivery-log.types';

/** The place after which everything comes. */
const END: Place = { createdAt: new Date('9999-12-31T23:59:59Z'), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
const cursorForm = /^(\d{1,15})-(.+)$/;

@Injectable()
export class DeliveryLog {
  constructor(
    private readonly store: DeliveryLogStore,
    private readonly conversions: Conversions,
  ) {}

  /**
   * @param cursor nextCursor of the page before; '' for the first page.
   * @throws AppError validation_failed for any other text; overloaded, not_ready
   */
  async page(filter: DeliveryFilter, cursor: string, limit: number): Promise<DeliveryPage> {
    const before = cursor === '' ? END : placeOf(cursor);
    await this.conversions.decide();
    const found = await this.store.page(filter, before, limit + 1);
    const entries = found.slice(0, limit);
    const last = found.length > limit ? entries.at(-1) : undefined;
    return { entries, nextCursor: last === undefined ? null : `${last.createdAt.getTime()}-${last.id}` };
  }
}

function placeOf(cursor: string): Place {
  const [, milliseconds, id] = cursorForm.exec(cursor) ?? [];
  if (milliseconds !== undefined && id !== undefined && uuidForm.test(id))
    return { createdAt: new Date(Number(milliseconds)), id };
  throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/cursor', code: 'invalid' }] });
}
