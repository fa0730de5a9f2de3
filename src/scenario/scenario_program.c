/* scenario_program.c - the steps that speak to a program. */
#include "scenario/scenario_internal.h"

const StepRow program_steps[] = {{NULL}};
