// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUniversalResolver} from "./IUniversalResolver.sol";

/// @title Names of addresses below `reverse` (ENSIP-19), and names as clients write them, on their way to DNS form
library ReverseName {
    uint256 private constant COIN_TYPE_ETH = 60;
    uint256 private constant COIN_TYPE_DEFAULT = 1 << 31;
    bytes16 private constant DIGITS = "0123456789abcdef";

    /// @notice `<address>.addr.reverse`, `<address>.default.reverse` or `<address>.<coin type>.reverse`, in hexadecimal.
    function ofAddress(
        bytes calldata account,
        uint256 coinType
    ) internal pure returns (bytes memory) {
        require(account.length > 0, IUniversalResolver.EmptyAddress());
        string memory coin = coinType == COIN_TYPE_ETH
            ? "addr"
            : coinType == COIN_TYPE_DEFAULT
                ? "default"
                : _hexOf(coinType);
        return encode(string.concat(_hexOf(account), ".", coin, ".reverse"));
    }

    /// @notice The DNS form of a name; labels up to 255 bytes.
    function encode(string memory name) internal pure returns (bytes memory dns) {
        bytes memory text = bytes(name);
        dns = abi.encodePacked(bytes1(0), text, bytes1(0));
        uint256 start = 0;
        for (uint256 i = 0; i <= text.length; ++i) {
            if (i < text.length && text[i] != ".") continue;
            uint256 size = i - start;
            require(size > 0 && size < 256, IUniversalResolver.DNSEncodingFailed(name));
            dns[start] = bytes1(uint8(size));
            start = i + 1;
        }
    }

    /// @notice The namehash of a name in DNS form.
    function nodeOf(bytes memory dns) internal pure returns (bytes32) {
        return _nodeOf(dns, 0);
    }

    function _nodeOf(bytes memory dns, uint256 at) private pure returns (bytes32) {
        uint256 size = uint8(dns[at]);
        if (size == 0) return bytes32(0);
        bytes32 labelHash;
        assembly ("memory-safe") {
            labelHash := keccak256(add(add(dns, 33), at), size)
        }
        return keccak256(abi.encode(_nodeOf(dns, at + 1 + size), labelHash));
    }

    function _hexOf(bytes calldata data) private pure returns (string memory) {
        bytes memory text = new bytes(2 * data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            text[2 * i] = DIGITS[uint8(data[i]) >> 4];
            text[2 * i + 1] = DIGITS[uint8(data[i]) & 15];
        }
        return string(text);
    }

    /// @dev Without leading zeros.
    function _hexOf(uint256 number) private pure returns (string memory) {
        uint256 length = 1;
        while (number >> (4 * length) != 0 && length < 64) ++length;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[length - 1 - i] = DIGITS[(number >> (4 * i)) & 15];
        }
        return string(text);
    }
}
