/* The page that edits a kept site: its fields and its muscle, sent as a plain form. */
import { startMuscleField } from "./muscle_field.js";

startMuscleField(null);
