// Replace this file to add claims of your own to access tokens: see docs/claims.md for what holds and an example.
// The class is a Nest provider, so it may inject what the house exports, such as Database. As shipped it adds nothing.
import { Injectable } from '@nestjs/common';
import { ClaimsSource } from './claims-source';

@Injectable()
export class OwnClaims extends ClaimsSource {}
