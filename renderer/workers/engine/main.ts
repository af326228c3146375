// Entry of the desktop's hidden compute window: nothing but the engine.
import { offerEngine } from './offer-engine';

void offerEngine(window);
