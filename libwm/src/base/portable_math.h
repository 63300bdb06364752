#pragma once

/// Elementary functions with the same bits on every processor, where libm's differ in the last one. Only additions,
/// multiplications and divisions in a fixed order; the error is a few units in the last place.

namespace wm {

/// e^x; 0 below -700, and x above 700 counts as 700.
double portable_exp(double x);

/// The natural logarithm of x > 0. Numbers below 1e-300 count as 1e-300.
double portable_log(double x);

double portable_tanh(double x);

/// sin and cos of 2 pi `turns`, for |turns| below 2^50.
double sin_of_turns(double turns);
double cos_of_turns(double turns);

/// 10^(db / 20), and its inverse (amplitude > 0).
double amplitude_of_db(double db);
double db_of_amplitude(double amplitude);

} // namespace wm
