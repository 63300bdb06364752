// Tile maps: rows of kMapStride floats, one a band; bands past the last are zero and stay zero.

void band_sums(const RealLanes* power, const BandSpan* bands, std::size_t count, RealLanes* sums) {
    for (std::size_t b = 0; b < count; ++b) {
        const BandSpan& band = bands[b];
        Vec sum = load(power[band.first].value) * broadcast(band.first_weight);
        for (std::size_t k = band.first + 1; k < band.last; ++k) {
            sum = sum + load(power[k].value);
        }
        store(sums[b].value, sum + load(power[band.last].value) * broadcast(band.last_weight));
    }
}

void lanes_to_rows(const RealLanes* lanes, std::size_t count, float* const* rows) {
    for (std::size_t start = 0; start < count; start += 8) {
        Vec block[8];
        for (std::size_t j = 0; j < 8; ++j) {
            block[j] = load(lanes[start + j].value);
        }
        transpose(block);
        for (std::size_t lane = 0; lane < 8; ++lane) {
            store(rows[lane] + start, block[lane]);
        }
    }
}

/// The sum over rows r - half ... r + half, as far as they exist, of `term(row, offset)`, handed to `use(r, offset, sum)`
/// as a mean, eight bands at a time.
template <class Term, class Use>
WM_INLINE void running_mean(std::size_t num_rows, std::size_t half, Term term, Use use) {
    for (std::size_t offset = 0; offset < kMapStride; offset += 8) {
        Vec sum = broadcast(0.0F);
        for (std::size_t r = 0; r < num_rows && r < half; ++r) {
            sum = sum + term(r, offset);
        }
        for (std::size_t r = 0; r < num_rows; ++r) {
            const std::size_t first = r < half ? 0 : r - half;
            const std::size_t end = r + half < num_rows ? r + half + 1 : num_rows;
            if (r + half < num_rows) {
                sum = sum + term(r + half, offset);
            }
            use(r, offset, sum * broadcast(1.0F / static_cast<float>(end - first)));
            if (r >= half) {
                sum = sum - term(r - half, offset);
            }
        }
    }
}

void subtract_time_mean(const float* map, std::size_t num_rows, std::size_t half, float* output) {
    running_mean(
        num_rows, half, [&](std::size_t r, std::size_t offset) { return load(map + r * kMapStride + offset); },
        [&](std::size_t r, std::size_t offset, Vec mean) {
            store(output + r * kMapStride + offset, load(map + r * kMapStride + offset) - mean);
        });
}

void local_rms(const float* map, std::size_t num_rows, std::size_t half, float* output) {
    running_mean(
        num_rows, half,
        [&](std::size_t r, std::size_t offset) {
            const Vec value = load(map + r * kMapStride + offset);
            return value * value;
        },
        [&](std::size_t r, std::size_t offset, Vec mean) {
            store(output + r * kMapStride + offset, square_root(max(mean, broadcast(0.0F))));
        });
}

/// Thirteen neighbours are three sums of four and one more.
void subtract_band_mean(const float* map, std::size_t num_rows, const float* inverse_counts, float* output) {
    constexpr std::size_t kReach = 6;
    constexpr std::size_t kMargin = 8;
    constexpr std::size_t kSpan = kMapStride + 3 * kMargin;
    float ones[kSpan] = {};
    float twos[kSpan] = {};
    float fours[kSpan] = {};
    for (std::size_t r = 0; r < num_rows; ++r) {
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            store(ones + kMargin + b, load(map + r * kMapStride + b));
        }
        for (std::size_t i = 0; i + 16 <= kSpan; i += 8) {
            store(twos + i, load(ones + i) + load(ones + i + 1));
        }
        for (std::size_t i = 0; i + 16 <= kSpan; i += 8) {
            store(fours + i, load(twos + i) + load(twos + i + 2));
        }
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            const std::size_t first = kMargin + b - kReach;
            const Vec sum =
                (load(fours + first) + load(fours + first + 4)) + (load(fours + first + 8) + load(ones + first + 12));
            store(output + r * kMapStride + b, load(ones + kMargin + b) - sum * load(inverse_counts + b));
        }
    }
}

void add_time_neighbours(const float* map, std::size_t num_rows, float weight, float* output) {
    const Vec side = broadcast(weight);
    for (std::size_t r = 0; r < num_rows; ++r) {
        const float* row = map + r * kMapStride;
        const float* before = r == 0 ? row : row - kMapStride;
        const float* after = r + 1 == num_rows ? row : row + kMapStride;
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            store(output + r * kMapStride + b, load(row + b) + side * (load(before + b) + load(after + b)));
        }
    }
}

void add_band_neighbours(const float* map, std::size_t num_rows, float weight, float* output) {
    const Vec side = broadcast(weight);
    float row[kMapStride + 16] = {};
    for (std::size_t r = 0; r < num_rows; ++r) {
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            store(row + 8 + b, load(map + r * kMapStride + b));
        }
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            store(output + r * kMapStride + b, load(row + 8 + b) + side * (load(row + 7 + b) + load(row + 9 + b)));
        }
    }
}

WM_INLINE Vec clamp(Vec value, Vec limit) {
    const Vec zero = broadcast(0.0F);
    const Vec above = max(value, zero - limit);
    return zero - max(zero - above, zero - limit);
}

void limited_ratio(const float* numerator, const float* denominator, std::size_t count, float limit, float* output) {
    const Vec bound = broadcast(limit);
    const Vec least = broadcast(1e-3F);
    for (std::size_t k = 0; k < count; k += 8) {
        store(output + k, clamp(load(numerator + k) / (load(denominator + k) + least), bound));
    }
}

/// Windows of twice the length are the smaller of two: each pass doubles them in place, for it looks ahead only.
void least_of_following(const float* map, std::size_t num_rows, std::size_t num_following, float* output) {
    const Vec zero = broadcast(0.0F);
    for (std::size_t k = 0; k < num_rows * kMapStride; k += 8) {
        store(output + k, load(map + k));
    }
    for (std::size_t covered = 1; covered < num_following; covered *= 2) {
        for (std::size_t k = 0; k + covered * kMapStride < num_rows * kMapStride; k += 8) {
            const Vec ahead = load(output + k + covered * kMapStride);
            store(output + k, zero - max(zero - load(output + k), zero - ahead));
        }
    }
}

void weigh_by_rise(const float* levels, const float* floor_before, const float* floor_after, float half_rise,
                   float least_rise, std::size_t count, float* values) {
    for (std::size_t k = 0; k < count; k += 8) {
        const Vec level = load(levels + k);
        const Vec rise = max(level - load(floor_before + k), level - load(floor_after + k)) + broadcast(least_rise);
        store(values + k, load(values + k) * (rise / (rise + broadcast(half_rise))));
    }
}

void limited_scale(const float* input, std::size_t count, float factor, float limit, float* output) {
    const Vec bound = broadcast(limit);
    const Vec by = broadcast(factor);
    for (std::size_t k = 0; k < count; k += 8) {
        store(output + k, clamp(load(input + k) * by, bound));
    }
}

/// Eight rows in the lanes, for a row's recursion waits for itself.
void spread_mean(const float* weights, const float* values, std::size_t num_rows, const SpreadSlopes& slopes,
                 float* output) {
    Vec weight[kMapStride];
    Vec weighted[kMapStride];
    Vec sums[kMapStride];
    Vec means[kMapStride];
    for (std::size_t start = 0; start < num_rows; start += 8) {
        std::size_t rows[8];
        for (std::size_t lane = 0; lane < 8; ++lane) {
            rows[lane] = (start + lane < num_rows ? start + lane : num_rows - 1) * kMapStride;
        }
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            Vec w[8];
            Vec x[8];
            for (std::size_t lane = 0; lane < 8; ++lane) {
                w[lane] = load(weights + rows[lane] + b);
                x[lane] = w[lane] * load(values + rows[lane] + b);
            }
            transpose(w);
            transpose(x);
            for (std::size_t j = 0; j < 8; ++j) {
                weight[b + j] = w[j] + broadcast(slopes.own[b + j]);
                weighted[b + j] = x[j];
            }
        }
        Vec sum = broadcast(0.0F);
        Vec weighted_sum = broadcast(0.0F);
        for (std::size_t b = 0; b < kMapStride; ++b) {
            sum = sum * broadcast(slopes.up[b]) + weight[b];
            weighted_sum = weighted_sum * broadcast(slopes.up[b]) + weighted[b];
            sums[b] = sum;
            means[b] = weighted_sum;
        }
        sum = broadcast(0.0F);
        weighted_sum = broadcast(0.0F);
        for (std::size_t b = kMapStride; b-- > 0;) {
            sum = sum * broadcast(slopes.down[b]);
            weighted_sum = weighted_sum * broadcast(slopes.down[b]);
            means[b] = (means[b] + weighted_sum) / (sums[b] + sum);
            sum = sum + weight[b];
            weighted_sum = weighted_sum + weighted[b];
        }
        for (std::size_t b = 0; b < kMapStride; b += 8) {
            Vec block[8];
            for (std::size_t j = 0; j < 8; ++j) {
                block[j] = means[b + j];
            }
            transpose(block);
            for (std::size_t lane = 0; lane < 8; ++lane) {
                store(output + rows[lane] + b, block[lane]);
            }
        }
    }
}

void multiply(const float* a, const float* b, std::size_t count, float* output) {
    for (std::size_t k = 0; k < count; k += 8) {
        store(output + k, load(a + k) * load(b + k));
    }
}

void accumulate(const float* input, std::size_t count, float* sum) {
    for (std::size_t k = 0; k < count; k += 8) {
        store(sum + k, load(sum + k) + load(input + k));
    }
}

void blend(const float* a, const float* b, float share_of_b, std::size_t count, float* output) {
    const Vec share = broadcast(share_of_b);
    for (std::size_t k = 0; k < count; k += 8) {
        const Vec start = load(a + k);
        store(output + k, start + share * (load(b + k) - start));
    }
}

float dot(const float* a, const float* b, std::size_t count) {
    Vec sum = broadcast(0.0F);
    for (std::size_t k = 0; k < count; k += 8) {
        sum = sum + load(a + k) * load(b + k);
    }
    return sum_of_lanes(sum);
}

float weighted_energy(const float* weights, const float* values, std::size_t count) {
    Vec sum = broadcast(0.0F);
    for (std::size_t k = 0; k < count; k += 8) {
        const Vec value = load(values + k);
        sum = sum + load(weights + k) * (value * value);
    }
    return sum_of_lanes(sum);
}

void limited_costs(const float* gains, const float* weights_a, const float* weights_b, std::size_t count, float factor,
                   float limit, float* costs) {
    const Vec bound = broadcast(limit);
    const Vec by = broadcast(factor);
    Vec sum_a = broadcast(0.0F);
    Vec sum_b = broadcast(0.0F);
    for (std::size_t k = 0; k < count; k += 8) {
        const Vec gain = clamp(load(gains + k) * by, bound);
        const Vec square = gain * gain;
        sum_a = sum_a + load(weights_a + k) * square;
        sum_b = sum_b + load(weights_b + k) * square;
    }
    costs[0] = sum_of_lanes(sum_a);
    costs[1] = sum_of_lanes(sum_b);
}

void multiply_conjugate_add(const ComplexLanes* a, const ComplexLanes* b, std::size_t count, ComplexLanes* sum) {
    for (std::size_t k = 0; k < count; ++k) {
        const Complex x = load(a[k]);
        const Complex y = load(b[k]);
        const Complex s = load(sum[k]);
        store(sum[k], {s.re + (x.re * y.re + x.im * y.im), s.im + (x.im * y.re - x.re * y.im)});
    }
}
