// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title `{resolver}` in a URL stands for the address of the resolver that stores the URL
/// @dev A gateway URL names its resolver (docs/decisions/0001). An owner who had to write the address into
/// the constructor's arguments could not deploy with CREATE2, where the address depends on them.
library ResolverPlaceholder {
    using Bytes for bytes;

    bytes private constant PLACEHOLDER = "{resolver}";

    /// @notice Replaces the first placeholder in `url` by `resolver`, as 0x and 40 lower-case digits.
    /// @return expanded `url` itself if it has no placeholder.
    /// @return isRepeated Whether another placeholder is left in `expanded`.
    function expand(
        string memory url,
        address resolver
    ) internal pure returns (string memory expanded, bool isRepeated) {
        bytes memory text = bytes(url);
        uint256 start = _find(text, 0);
        if (start == type(uint256).max) return (url, false);
        uint256 end = start + PLACEHOLDER.length;
        expanded = string.concat(
            string(text.slice(0, start)),
            Strings.toHexString(resolver),
            string(text.slice(end))
        );
        isRepeated = _find(text, end) != type(uint256).max;
    }

    /// @dev Where a placeholder begins in `text`, at or after `from`; the largest number if nowhere.
    function _find(bytes memory text, uint256 from) private pure returns (uint256 at) {
        at = text.indexOf("{", from);
        while (at != type(uint256).max) {
            bytes memory candidate = text.slice(at, at + PLACEHOLDER.length);
            if (keccak256(candidate) == keccak256(PLACEHOLDER)) return at;
            at = text.indexOf("{", at + 1);
        }
    }
}
